# SPDX-License-Identifier: MIT
"""SIGKILL under load: what was acknowledged is in new/, whole and once, and nothing half is."""
import asyncio

import maildir
from kit import Failure, check, test
from load import Peer, identify, unique

ROUNDS, PEERS = 20, 12


async def send_until_dead(port, number, round_number, acknowledged, sizes):
    """One connection that sends until the server is gone; notes the ids that got their 250."""
    peer = Peer()
    count = 0
    try:
        await peer.open(port)
        await peer.hello()
        while True:
            name = f"r{round_number}c{number}m{count}"
            await peer.send(unique(name, sizes[count % len(sizes)]), (number + count) % 3)
            acknowledged.append(name)
            count += 1
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        if hasattr(peer, "writer"):
            peer.close()


async def one_round(receiver, round_number, delay, acknowledged, sizes):
    tasks = [asyncio.create_task(
        send_until_dead(receiver.port, number, round_number, acknowledged, sizes))
        for number in range(PEERS)]
    await asyncio.sleep(delay)
    receiver.process.kill()
    for done in await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 20):
        if isinstance(done, Exception):
            raise done


@test(limit=120)
def kill_9(env):
    """Twenty times at a random moment, on one Maildir."""
    note, total, seen, known = env.seed_note(), 0, set(), set()
    receiver = env.receiver("--threads", "2")
    for round_number in range(ROUNDS):
        if round_number:
            receiver.begin()
        acknowledged = []
        sizes = [env.random.choice((300, 2_000, 9_000, 150_000)) for _ in range(7)]
        asyncio.run(one_round(receiver, round_number, env.random.uniform(0.02, 0.5), acknowledged,
                              sizes))
        receiver.kill()
        try:
            for stored in maildir.read(receiver.folder, known):
                name = identify(stored.content)
                check(name is not None, f"{stored.file.name} in new/ is not whole")
                check(name not in seen, f"{name} is stored twice")
                seen.add(name)
                known.add(stored.file.name)
            missing = [name for name in acknowledged if name not in seen]
            check(not missing, f"{len(missing)} messages were acknowledged and are not stored: "
                               f"{missing[:3]}")
        except (Failure, maildir.Broken) as failure:
            raise Failure(f"round {round_number}: {failure}; {note}") from failure
        total += len(acknowledged)
    check(total >= ROUNDS, f"only {total} messages were acknowledged in all rounds")
    receiver.begin()  # what tmp/ still holds troubles nobody
    receiver.stop()
    return f"{total} messages acknowledged, {len(seen) - total} more stored, {note}"
