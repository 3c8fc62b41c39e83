"""A proxy between bodega and a MariaDB or MySQL server (without TLS) that breaks connections on request.

It runs on its own thread; the methods may be called from any thread.
"""
import asyncio
import socket
import struct
import threading

COM_QUERY, COM_PREPARE, COM_EXECUTE = 0x03, 0x16, 0x17


class Link:
    """One connection through the proxy."""

    def __init__(self, client, server):
        self.client, self.server = client, server
        self.prepares = None  # the statement whose number is in the server's next answer
        self.prepared = {}  # the text of each statement, by its number
        self.swallow = False  # the server's next answer ends the connection and is not passed on

    def cut(self):
        for writer in (self.client, self.server):
            if writer:
                writer.transport.abort()


class Rule:
    """What happens to the next `times` commands of a kind: "before" and "after" cut the connection before the server
    gets the command, or the client its answer; an error number is answered in the server's stead. sql: of executions,
    only those of a statement that begins so."""

    def __init__(self, command, act, times, text=b"", sql=b""):
        self.command, self.act, self.times, self.text, self.sql = command, act, times, text, sql
        self.struck = 0

    def takes(self, link, payload):
        if self.struck == self.times or payload[0] != self.command or not payload[1:].startswith(self.text):
            return False
        if self.sql and not link.prepared.get(payload[1:5], b"").startswith(self.sql):
            return False
        self.struck += 1
        return True


class FaultProxy:
    def __init__(self, target, address="127.0.0.1", port=0):
        """target: the server's port on 127.0.0.1. port: 0 for a free one."""
        self.target, self.address, self.port = target, address, port
        if not port:
            with socket.socket() as s:
                s.bind((address, 0))
                self.port = s.getsockname()[1]
        self.links, self.rules = set(), []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self._call(self._begin())

    def close(self):
        self._call(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def cut(self):
        """Ends every connection."""
        self._call(self._cut())

    def refuse(self):
        """Ends every connection and accepts no new one, until admit()."""
        self._call(self._refuse())

    def admit(self):
        self._call(self._listen())

    def stall(self):
        """Passes nothing on and accepts new connections silently, until flow()."""
        self.loop.call_soon_threadsafe(self.flowing.clear)

    def flow(self):
        """Passes the held bytes on."""
        self.loop.call_soon_threadsafe(self.flowing.set)

    def on_commit(self, act, times=1):
        return self._add(Rule(COM_QUERY, act, times, b"COMMIT"))

    def on_statement(self, number, times=1):
        return self._add(Rule(COM_EXECUTE, number, times))

    def on_sql(self, sql, number, times=-1):
        """times: -1 until forget()."""
        return self._add(Rule(COM_EXECUTE, number, times, sql=sql.encode()))

    def forget(self, rule):
        self.loop.call_soon_threadsafe(self.rules.remove, rule)

    def _add(self, rule):
        self.loop.call_soon_threadsafe(self.rules.append, rule)
        return rule

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(20)

    async def _begin(self):
        self.flowing = asyncio.Event()
        self.flowing.set()
        await self._listen()

    async def _listen(self):
        self.listener = await asyncio.start_server(self._serve, self.address, self.port)

    async def _refuse(self):
        self.listener.close()
        await self._cut()

    async def _end(self):
        await self._refuse()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _cut(self):
        for link in list(self.links):
            link.cut()

    async def _serve(self, from_client, to_client):
        link = Link(to_client, None)
        self.links.add(link)
        try:
            await self.flowing.wait()
            from_server, link.server = await asyncio.open_connection("127.0.0.1", self.target)
            directions = [asyncio.ensure_future(self._answers(link, from_server)),
                          asyncio.ensure_future(self._commands(link, from_client))]
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
            for direction in directions:
                direction.cancel()
            await asyncio.gather(*directions, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass  # the client sees its connection end, which is enough
        finally:
            link.cut()
            self.links.discard(link)

    async def _answers(self, link, from_server):
        while data := await from_server.read(1 << 16):
            await self.flowing.wait()
            if link.swallow:
                return
            if link.prepares and data[4:5] == b"\0":
                link.prepared[data[5:9]] = link.prepares
            link.prepares = None
            link.client.write(data)
            await link.client.drain()

    async def _commands(self, link, from_client):
        while True:
            head = await from_client.readexactly(4)
            payload = await from_client.readexactly(int.from_bytes(head[:3], "little"))
            await self.flowing.wait()
            rule = next((r for r in self.rules if head[3] == 0 and payload and r.takes(link, payload)), None)
            if rule and rule.act == "before":
                return
            if rule and rule.act != "after":
                link.client.write(self._error(rule.act))
                continue
            link.swallow = rule is not None
            link.prepares = payload[1:] if head[3] == 0 and payload[:1] == bytes([COM_PREPARE]) else None
            link.server.write(head + payload)
            await link.server.drain()

    @staticmethod
    def _error(number):
        payload = b"\xff" + struct.pack("<H", number) + b"#HY000injected by a test"
        return struct.pack("<I", len(payload))[:3] + b"\1" + payload
