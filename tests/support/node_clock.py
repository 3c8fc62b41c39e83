"""Moves the clocks of one process, as on a machine that was suspended: patches the vDSO in the process's memory, through
which it reads clocks. Only on x86-64."""
import os
import platform
import re
import signal
import struct
import time

REALTIME, BOOTTIME = 0, 7
ANOTHER_PLACE = 20  # tries to stop the process outside of the vDSO


def is_there():
    return platform.machine() == "x86_64"


def stub(offsets):
    """Machine code for clock_gettime(edi, rsi) by the system call, plus so many seconds for the clocks of `offsets`."""
    code = b"\xb8\xe4\x00\x00\x00\x0f\x05"  # mov eax, 228; syscall
    code += b"\x85\xc0\x75\x00"  # test eax, eax; jne the end
    at = len(code)
    for clock, seconds in offsets.items():
        code += b"\x83\xff" + struct.pack("B", clock) + b"\x75\x07"  # cmp edi, clock; jne over the next
        code += b"\x48\x81\x06" + struct.pack("<i", seconds)  # add qword [rsi], seconds
    return code[: at - 1] + struct.pack("B", len(code) - at) + code[at:] + b"\xc3"  # ret


def vdso_of(process):
    """(begin, end) of the process's vDSO."""
    with open(f"/proc/{process.pid}/maps") as maps:
        found = re.search(r"^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$", maps.read(), re.MULTILINE)
    return int(found[1], 16), int(found[2], 16)


def symbol(image, name):
    """The offset of a dynamic symbol in a completely mapped ELF image."""
    sections, = struct.unpack_from("<Q", image, 40)
    size, count = struct.unpack_from("<HH", image, 58)
    headers = [struct.unpack_from("<IIQQQQIIQQ", image, sections + size * i) for i in range(count)]
    symbols = next(header for header in headers if header[1] == 11)  # SHT_DYNSYM
    names = headers[symbols[6]][4]
    for at in range(symbols[4], symbols[4] + symbols[5], 24):
        word, = struct.unpack_from("<I", image, at)
        value, = struct.unpack_from("<Q", image, at + 8)
        if image[names + word: image.index(b"\0", names + word)].decode() == name:
            return value
    raise LookupError(name)


def is_within(process, begin, end):
    """Whether one of its stopped threads is in that range."""
    for task in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{task}/syscall") as file:
            words = file.read().split()
        if len(words) < 2 or begin <= int(words[-1], 16) < end:
            return True
    return False


def stop(process):
    process.send_signal(signal.SIGSTOP)
    while True:
        states = []
        for task in os.listdir(f"/proc/{process.pid}/task"):
            with open(f"/proc/{process.pid}/task/{task}/stat") as file:
                states.append(file.read().rpartition(") ")[2][0])
        if set(states) <= {"T", "t", "D"}:
            return
        time.sleep(0.005)


def move(process, offsets):
    """Moves each of its clocks by so many seconds; other clocks are right. Stops the process for a moment."""
    begin, end = vdso_of(process)
    with open(f"/proc/{process.pid}/mem", "r+b", buffering=0) as memory:
        memory.seek(begin)
        image = memory.read(end - begin)
        for _ in range(ANOTHER_PLACE):
            stop(process)
            if not is_within(process, begin, end):
                break
            process.send_signal(signal.SIGCONT)
            time.sleep(0.01)
        memory.seek(begin + symbol(image, "__vdso_clock_gettime"))
        memory.write(stub(offsets))
