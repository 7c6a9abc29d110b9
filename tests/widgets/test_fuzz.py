"""Anything in any order, from several threads: nothing is lost, doubled, stuck or left behind."""

import contextlib
import threading
import time

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from course_utils.widgets import views
from course_utils.widgets.controller import Controller
from course_utils.widgets.faces import Face
from course_utils.widgets.presence import MOST_IN_FLIGHT

PATIENCE = 30
NOISES = st.floats(0, 1, width=16)
VIEWS = st.sampled_from(["a", "b", "c"])
COMMANDS = st.one_of(
    st.builds(dict, action=st.sampled_from(["play", "pause", "save", "explode", "step"])),
    st.builds(
        dict, action=st.just("step"), players=st.sampled_from(["both", "discriminator", "x"])
    ),
    st.builds(dict, action=st.just("speed"), value=st.sampled_from([None, 5, 50.0, "fast", -1])),
    st.builds(dict, action=st.just("reset"), seed=st.sampled_from([None, 3, "new", "old"])),
    st.builds(dict, action=st.just("rewind"), step=st.sampled_from([0, 200, -1, 10**30])),
    st.builds(
        dict,
        action=st.just("set"),
        knobs=st.dictionaries(
            st.sampled_from(["instance_noise", "flip_rate", "no_such"]), NOISES, max_size=2
        ),
    ),
    st.builds(
        dict,
        action=st.just("request"),
        picture=st.sampled_from([0, 1, 7, "x"]),
        classes=st.lists(st.integers(-1, 11), max_size=3),
    ),
    st.builds(dict, action=st.just("replay"), text=st.sampled_from(["{}", ""])),
)


class Page(Face):
    """All tabs of one page; each acknowledges when the test says so."""

    acknowledges = True

    def __init__(self):
        self.lock = threading.Lock()
        self.answers: dict = {}
        self.state: dict = {}
        self.number = 0
        self.seen = {}  # view -> the last frame it acknowledged, or that was sent before its hello
        self.most_in_flight = 0

    def show_state(self, state):
        self.state = state

    def show_frame(self, frame, changes):
        with self.lock:
            self.number = frame.number
            for last in self.seen.values():
                self.most_in_flight = max(self.most_in_flight, frame.number - last)

    def send(self, message):
        if message["type"] == "answer":
            with self.lock:
                self.answers[message["id"]] = self.answers.get(message["id"], 0) + 1


class PanelMachine(RuleBasedStateMachine):
    gan = None

    def __init__(self):
        super().__init__()
        self.threads = set(threading.enumerate())
        self.session = self.controller = None
        self.now, self.commands, self.failing = 1000.0, 0, False

    @initialize()
    def begin(self):
        from course_utils.training import Session

        vars(self.gan).pop("run", None)
        self.gan.knobs._set(instance_noise=0.0, flip_rate=0.0)
        self.gan.reset(0)
        self.session = Session(self.gan, name="fuzz")
        pictures = [views.Histograms(), views.Curves()]
        self.controller = Controller(self.session, pictures, clock=lambda: self.now)
        self.page = Page()
        self.controller.open()
        self.controller.add(self.page)

    def receive(self, *messages):
        """From a thread for each message, as subshells do."""
        threads = [
            threading.Thread(target=self.controller.receive, args=(message,))
            for message in messages
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a callback waits"

    @rule(commands=st.lists(COMMANDS, min_size=1, max_size=4))
    def send_commands(self, commands):
        first = self.commands
        self.commands += len(commands)
        self.receive(*({"type": "command", "id": first + i, **c} for i, c in enumerate(commands)))

    @rule(view=VIEWS)
    def hello(self, view):
        with self.page.lock:
            self.page.seen.pop(view, None)
        self.receive({"type": "hello", "view": view})
        # A frame may have gone out while hello was on its way.
        with self.page.lock:
            self.page.seen[view] = self.page.number

    @rule(view=VIEWS)
    def bye(self, view):
        with self.page.lock:
            self.page.seen.pop(view, None)
        self.receive({"type": "bye", "view": view})

    @rule(view=VIEWS)
    def beat(self, view):
        if view in self.page.seen:
            self.receive({"type": "beat", "view": view, "visible": True})

    @rule(view=VIEWS)
    def acknowledge(self, view):
        with self.page.lock:
            if view not in self.page.seen:
                return
            number = self.page.number
        self.receive({"type": "ack", "view": view, "number": number})
        with self.page.lock:
            self.page.seen[view] = max(self.page.seen[view], number)

    @rule(garbage=st.one_of(st.none(), st.integers(), st.text(), st.dictionaries(
        st.sampled_from(["type", "view", "id", "number", "action"]),
        st.one_of(st.none(), st.integers(), st.text(max_size=5), st.lists(st.integers())),
    )))  # fmt: skip
    def garbage(self, garbage):
        if isinstance(garbage, dict):
            garbage.pop("view", None)
        self.receive(garbage)

    @rule(seconds=st.sampled_from([0.1, 3.0, 11.0]))
    def time_passes(self, seconds):
        if seconds > 1:  # whoever was there may be asleep now: their frames do not count any more
            with self.page.lock:
                self.page.seen.clear()
        self.now += seconds
        time.sleep(0.01)

    @rule()
    def training_fails(self):
        def run(steps, players="both"):
            self.gan.__dict__.pop("run", None)
            raise RuntimeError("on purpose")

        self.gan.__dict__["run"] = run

    @rule(value=NOISES)
    def code_sets_a_knob(self, value):
        with contextlib.suppress(RuntimeError):
            self.session.set(instance_noise=value)

    @rule()
    def code_plays(self):
        with contextlib.suppress(RuntimeError):
            self.session.play(50)

    @rule()
    def session_closes(self):
        with contextlib.suppress(RuntimeError):
            self.session.close()

    @invariant()
    def few_frames_are_in_flight(self):
        if self.controller:
            assert self.page.most_in_flight <= MOST_IN_FLIGHT

    def teardown(self):
        if self.controller is None:
            return
        vars(self.gan).pop("run", None)
        if not self.session.closed:
            self.session.post(lambda session: session.pause()).result(PATIENCE)
            for _ in range(3):
                self.session.post(lambda session: None).result(PATIENCE)
            with contextlib.suppress(RuntimeError):
                self.session.read(lambda gan: None)  # takes a failure nobody asked for
            knobs = self.session.read(lambda gan: dict(gan.knobs))
            assert self.page.state["knobs"] == knobs
            assert self.page.state["step"] == self.session.read(lambda gan: gan.history.steps)
            assert self.page.state["status"] in ("paused", "failed", "asleep")
            assert not self.controller.status._panel_error
        with contextlib.suppress(RuntimeError):
            self.session.close()
        self.controller.receive({"type": "beat", "view": "a"})
        assert self.page.state["status"] == "closed"
        wanted = {number: 1 for number in range(self.commands)}
        answers = {k: v for k, v in self.page.answers.items() if isinstance(k, int) and k >= 0}
        assert {number: answers.get(number) for number in wanted} == wanted
        self.controller.close()
        deadline = time.monotonic() + PATIENCE
        while set(threading.enumerate()) - self.threads and time.monotonic() < deadline:
            time.sleep(0.005)
        assert not set(threading.enumerate()) - self.threads


@pytest.mark.slow
@pytest.mark.usefixtures("english", "quiet_cell")
def test_anything_in_any_order(traced_gan):
    traced_gan.run(1)  # compiles
    machine = type("Machine", (PanelMachine,), {"gan": traced_gan})
    machine.TestCase.settings = settings(
        max_examples=15,
        stateful_step_count=20,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(machine, settings=machine.TestCase.settings)
