"""What a Python user writes: a semaphore, a bounded connector, gather, one JSON line per URL.

usage: aiohttp_fetch.py URLS CONCURRENCY  (records on standard output)
"""

import asyncio
import json
import sys
import time

import aiohttp


async def main(urls: list[str], concurrency: int) -> None:
    semaphore = asyncio.Semaphore(concurrency)
    connector = aiohttp.TCPConnector(limit=concurrency, limit_per_host=concurrency, ssl=False)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        records = await asyncio.gather(*(fetch(session, semaphore, url) for url in urls))
    for record in records:
        print(json.dumps(record, separators=(",", ":")))


async def fetch(session: aiohttp.ClientSession, semaphore: asyncio.Semaphore, url: str) -> dict:
    async with semaphore:
        start = time.perf_counter()
        try:
            async with session.get(url) as response:
                body = await response.json()
                ok = response.status < 400
                return {"url": url, "ok": ok, "status": response.status, "body": body, "seconds": time.perf_counter() - start}
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            return {"url": url, "ok": False, "error": repr(error), "seconds": time.perf_counter() - start}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as lines:
        asyncio.run(main(lines.read().split(), int(sys.argv[2])))
