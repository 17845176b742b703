"""What a Python user writes for CPU work beside the I/O: asyncio fetches, a process pool hashes.

usage: aiohttp_hash.py URL COUNT CONCURRENCY ROUNDS WORKERS  (one line of JSON on standard output)
"""

import asyncio
import hashlib
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import aiohttp


def digest(body: bytes, rounds: int) -> str:
    result = hashlib.sha256(body).digest()
    for _ in range(rounds - 1):
        result = hashlib.sha256(result).digest()
    return result.hex()


def nothing() -> None:
    """Starts a process of the pool, so that no figure has its start in it."""


async def main(url: str, count: int, concurrency: int, rounds: int, workers: int) -> None:
    loop = asyncio.get_running_loop()
    semaphore = asyncio.Semaphore(concurrency)
    connector = aiohttp.TCPConnector(limit=concurrency, limit_per_host=concurrency)
    with ProcessPoolExecutor(workers) as pool:
        await asyncio.gather(*(loop.run_in_executor(pool, nothing) for _ in range(workers)))
        async with aiohttp.ClientSession(connector=connector) as session:

            async def one(at: int) -> str:
                async with semaphore, session.get(f"{url}/users/{at}") as response:
                    body = await response.read()
                return await loop.run_in_executor(pool, digest, body, rounds)

            started = time.perf_counter()
            results = await asyncio.gather(*(one(at) for at in range(1, count + 1)))
            seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "first": results[0]}))


if __name__ == "__main__":
    _, base, *numbers = sys.argv
    asyncio.run(main(base, *map(int, numbers)))
