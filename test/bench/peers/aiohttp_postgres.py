"""What a Python user writes to get answers into PostgreSQL: aiohttp, batches of 500, a pool of 10 connections.

usage: aiohttp_postgres.py URLS CONCURRENCY DSN (executemany|copy|sqlalchemy)

asyncpg's executemany with an upsert, its COPY (which cannot be run again), or SQLAlchemy's ORM. Each batch is one
transaction; while it is written, the next one is fetched. The table is `answers`, with the columns that such
scripts have.
"""

import asyncio
import json
import sys
import time
from datetime import datetime, timezone

import aiohttp

BATCH = 500
POOL = 10
COLUMNS = ("id", "url", "ok", "status", "error", "body", "seconds", "fetched_at")
TABLE = """create table if not exists answers (id integer primary key, url text not null, ok boolean not null,
status integer, error text, body jsonb, seconds real, fetched_at timestamptz)"""
UPSERT = f"""insert into answers ({", ".join(COLUMNS)}) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (id) do update set {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])}"""


async def main(urls: list[str], concurrency: int, dsn: str, way: str) -> None:
    store, close = await WAYS[way](dsn)
    connector = aiohttp.TCPConnector(limit=concurrency, limit_per_host=concurrency, ssl=False)
    timeout = aiohttp.ClientTimeout(total=60)
    tasks = iter(enumerate(urls))
    waiting: list[tuple] = []
    writes: set[asyncio.Task] = set()
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:

        async def worker() -> None:
            for index, url in tasks:
                waiting.append(await fetch(session, index, url))
                if len(waiting) >= BATCH:
                    batch = waiting[:BATCH]
                    del waiting[:BATCH]
                    if len(writes) >= POOL:
                        await asyncio.wait(writes, return_when=asyncio.FIRST_COMPLETED)
                    write = asyncio.create_task(store(batch))
                    writes.add(write)
                    write.add_done_callback(writes.discard)

        await asyncio.gather(*(worker() for _ in range(concurrency)))
        await asyncio.gather(*writes)
        if waiting:
            await store(waiting)
    await close()


async def fetch(session: aiohttp.ClientSession, index: int, url: str) -> tuple:
    start = time.perf_counter()
    now = datetime.now(timezone.utc)
    try:
        async with session.get(url) as response:
            body = await response.json()
            return (index, url, response.status < 400, response.status, None, body, time.perf_counter() - start, now)
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:
        return (index, url, False, None, repr(error), None, time.perf_counter() - start, now)


async def executemany(dsn: str):
    pool = await asyncpg_pool(dsn)

    async def store(batch: list[tuple]) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await connection.executemany(UPSERT, batch)

    return store, pool.close


async def copy(dsn: str):
    pool = await asyncpg_pool(dsn)

    async def store(batch: list[tuple]) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await connection.copy_records_to_table("answers", records=batch, columns=COLUMNS)

    return store, pool.close


async def asyncpg_pool(dsn: str):
    import asyncpg

    async def prepare(connection) -> None:
        encode = lambda value: b"\x01" + json.dumps(value).encode()
        decode = lambda data: json.loads(data[1:])
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=encode, decoder=decode, format="binary")

    pool = await asyncpg.create_pool(dsn, min_size=POOL, max_size=POOL, init=prepare)
    await pool.execute(TABLE)
    return pool


async def sqlalchemy(dsn: str):
    from sqlalchemy import Boolean, Column, DateTime, Float, Integer, Text
    from sqlalchemy.dialects.postgresql import JSONB
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
    from sqlalchemy.orm import declarative_base, sessionmaker

    Base = declarative_base()

    class Answer(Base):
        __tablename__ = "answers"
        id = Column(Integer, primary_key=True)
        url = Column(Text, nullable=False)
        ok = Column(Boolean, nullable=False)
        status = Column(Integer)
        error = Column(Text)
        body = Column(JSONB)
        seconds = Column(Float)
        fetched_at = Column(DateTime(timezone=True))

    engine = create_async_engine(dsn.replace("postgres://", "postgresql+asyncpg://"), pool_size=POOL)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = sessionmaker(engine, class_=AsyncSession)

    async def store(batch: list[tuple]) -> None:
        async with sessions() as session, session.begin():
            session.add_all(Answer(**dict(zip(COLUMNS, row))) for row in batch)

    return store, engine.dispose


WAYS = {"executemany": executemany, "copy": copy, "sqlalchemy": sqlalchemy}

if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as lines:
        asyncio.run(main(lines.read().split(), int(sys.argv[2]), sys.argv[3], sys.argv[4]))
