"""Who may use a session, and that the library does not keep Python from running."""

import subprocess
import sys
import threading

import emptor
import pytest


def in_thread(work):
    """The result of a call in another thread, or what it raised."""
    result = []

    def run():
        try:
            result.append(work())
        except BaseException as error:  # it is raised again below
            result.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(result[0], BaseException):
        raise result[0]
    return result[0]


def test_a_session_goes_along_with_the_thread_that_uses_it(session):
    number = in_thread(lambda: session.put("customer", {"name": "Ada"}))
    assert session.get("customer", number).name == "Ada"
    assert in_thread(lambda: session.count("customer")) == 1


def test_a_session_is_not_used_by_two_threads_at_once(session, sales):
    raised = []

    def listen(*_):
        if not raised:
            with pytest.raises(emptor.Misuse, match="at work") as error:
                in_thread(lambda: session.count("customer"))
            raised.append(error)

    session.import_(sales, progress=listen)
    assert raised


def test_a_session_that_is_dropped_in_another_thread_is_closed(store):
    box = [store.session()]
    in_thread(lambda: box.pop().count("customer"))
    store.close()


def test_a_session_whose_callback_refers_to_it_is_collected(store):
    import gc

    class Listener:
        def __call__(self, *_):
            return True

    listener = Listener()
    listener.session = store.session(progress=listener)
    del listener
    gc.collect()
    store.close()


# The first thread holds the turn to write, inside its clock; the second one waits for it in the library. Were the GIL
# held there, the main thread could never let the first one go on.
WAITING = """
import datetime, faulthandler, threading, time
import emptor

faulthandler.dump_traceback_later(60, exit=True)
inside, go_on, done = threading.Event(), threading.Event(), []

def clock():
    inside.set()
    go_on.wait()
    return datetime.datetime.now(datetime.timezone.utc)

def write(**options):
    with store.session(**options) as session:
        done.append(session.put("customer", {"name": "Ada"}))

store = emptor.open(PATH, create=True)
first = threading.Thread(target=write, kwargs={"clock": clock})
first.start()
inside.wait()
second = threading.Thread(target=write)
second.start()
time.sleep(0.3)
assert done == [], done
go_on.set()
first.join()
second.join()
assert sorted(done) == [1, 2], done
store.close()
print("both wrote")
"""


@pytest.mark.parametrize("path", [":memory:", "shop.emptor"])
def test_a_thread_that_waits_in_the_library_lets_others_run(tmp_path, path):
    program = WAITING.replace("PATH", repr(path))
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout == "both wrote\n", done.stderr


FORKED = """
import os, sys
import emptor

store = emptor.open(":memory:", create=True)
session = store.session()
child = os.fork()
if child == 0:
    try:
        session.count("customer")
    except emptor.Misuse:
        with emptor.open(":memory:", create=True) as own, own.session() as mine:
            mine.put("customer", {"name": "Ada"})
            os._exit(0 if mine.count("customer") == 1 else 2)
    os._exit(1)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) or session.count("customer"))
"""


def test_the_child_of_a_fork_opens_its_own(tmp_path):
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
