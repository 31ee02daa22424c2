"""Runs a program in a terminal of its own, presses keys or sends a signal at its
prompt, and prints as JSON: exit code, what was shown, whether echo is on again."""
import json
import os
import pty
import select
import signal
import sys
import termios
import time

keys, signal_name, *command = sys.argv[1:]
parent, child = pty.openpty()
before = termios.tcgetattr(child)
pid = os.fork()
if pid == 0:
    os.setsid()
    import fcntl
    fcntl.ioctl(child, termios.TIOCSCTTY, 0)
    for number in (0, 1, 2):
        os.dup2(child, number)
    os.execvp(command[0], command)

shown = b""
acted = False
deadline = time.monotonic() + 20
status = None
while time.monotonic() < deadline:
    if select.select([parent], [], [], 0.02)[0]:
        shown += os.read(parent, 4096)
    # Raw means that the prompt reads: from now on nothing typed is shown.
    raw = not termios.tcgetattr(child)[3] & termios.ECHO
    if not acted and raw and b"Enter password" in shown:
        acted = True
        if signal_name:
            os.kill(pid, getattr(signal, signal_name))
        else:
            os.write(parent, keys.encode())
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        break
else:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    status = None
while select.select([parent], [], [], 0.1)[0]:
    shown += os.read(parent, 4096)
after = termios.tcgetattr(child)
print(json.dumps({
    "code": None if status is None else os.waitstatus_to_exitcode(status),
    "shown": shown.decode(errors="replace"),
    "restored": after[3] == before[3],
}))
