"""Every rule of order in the engines, each broken in one way; run as a script, it prints those that nobody notices.

A mutant is caught when the engine whose text it changes gives another ledger than the sound reference on one of a few
busy plans, some with milk runs or with plants in trouble, or fails. Whoever is caught here fails the tests of equality
(`test_equality.py`) or of kept digests (`test_golden.py`) as well, which run the same plans. The changed engines run as
plain Python.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ENGINES = Path(__file__).resolve().parents[2] / "sim" / "engines"
SEEDS = range(12)
TROUBLED = (*SEEDS, 15, 17, 18)  # in the last three an order falls on the end of a rise, or a crew stands to the second
MOST_SECONDS = 20
REFERENCE_ONLY = (
    "border_clerk.py",
    "crews.py",
    "docks.py",
    "notes.py",
    "reference.py",
    "replenishment.py",
    "stockroom.py",
    "ways.py",
)

# (file, what stands there, what a mutant says instead, the rule)
MUTANTS = (
    ("border/queues.py", "MERGE = 0", "MERGE = 0", "none: the sound engine, which must survive"),
    # moments within a second
    ("kernel/state.py", "START, ORDER = int(Phase.GRANT), int(Phase.START), int(Phase.ORDER)",
     "START, ORDER = int(Phase.GRANT), int(Phase.ORDER), int(Phase.START)", "starts come before orders"),
    ("kernel/state.py", "RECEIVE, FINISH, DUE = int(Phase.RECEIVE), int(Phase.FINISH), int(Phase.DUE)\n",
     "RECEIVE, FINISH, DUE = int(Phase.START), int(Phase.FINISH), int(Phase.DUE)\n", "receipts come before starts"),
    ("kernel/state.py", "RECEIVE, FINISH, DUE = int(Phase.RECEIVE), int(Phase.FINISH), int(Phase.DUE)\n",
     "RECEIVE, FINISH, DUE = int(Phase.RECEIVE), int(Phase.FINISH), int(Phase.ORDER)\n", "slots come before starts"),
    ("kernel/loop.py", "if scheduled < pending:\n            place", "if scheduled > pending:\n            place",
     "scheduled events and pending ones come in one order"),
    ("kernel/heap.py", "return second << SECOND_SHIFT | phase << ENTITY_BITS | entity",
     "return second << SECOND_SHIFT | phase << ENTITY_BITS | (ENTITY_MASK - entity if phase in (5, 7) else entity)",
     "loads of one moment come in order of (lane, n)"),
    ("kernel/heap.py", "if above <= key:", "if above >= key:", "the heap is a heap (push)"),
    ("kernel/heap.py", "heap[child + 1] < heap[child]", "heap[child + 1] > heap[child]", "the heap is a heap (pop)"),
    ("kernel/heap.py", "if heap[i] < heap[least]:", "if heap[i] > heap[least]:", "the heap is a heap (at the bottom)"),
    ("kernel/loop.py", "if key >= end:", "if key > end + (1 << 44):", "nothing happens at or after the horizon"),
    ("reference.py", "for row in sorted(self.inbox[recipe].pop", "for row in reversed(self.inbox[recipe].pop",
     "orders of one second are accepted in order of (lane, n)"),
    ("border_clerk.py", "in sorted(self.joining[crossing].pop(t), key=_row_of_claim)",
     "in sorted(self.joining[crossing].pop(t), key=_row_of_claim, reverse=True)",
     "loads that join together pass in order of (lane, n)"),
    ("reference.py", "moment = second * PHASES + START", "moment = second * PHASES + ORDER + 0",
     "starts come before orders"),
    ("reference.py", "order = np.lexsort((rows, slots.due_s))", "order = np.lexsort((-rows, slots.due_s))",
     "slots of one second come in order of (lane, n)"),
    # one second later
    ("kernel/orders.py", "second, reorder_units = t + 1,", "second, reorder_units = t + 2,",
     "an order travels one second"),
    ("kernel/loop.py", "ring_start(recipe, t + 1, st)", "ring_start(recipe, t + 2, st)",
     "an accepted order may start a second later"),
    ("reference.py", "self._send(order, t + 1)", "self._send(order, t + 2)", "an order travels one second"),
    ("reference.py", "self._ring_start(recipe, t + 1)", "self._ring_start(recipe, t)",
     "an accepted order may start a second later"),
    # lots and queues are first-in first-out
    ("kernel/pool.py", "pool[place, EXPIRES_S], pool[place, NEXT] = expires_s, NONE",
     "pool[place, EXPIRES_S], pool[place, NEXT] = expires_s, 0", "the last in a queue has nobody behind it"),
    ("kernel/orders.py", "        pool[line[TAIL], NEXT] = place\n    line[TAIL] = place\n",
     "        pool[place, NEXT] = line[HEAD]\n        line[HEAD] = place\n"
     "    line[TAIL] = line[TAIL] if line[QUEUED] else place\n",
     "orders queue first-in first-out"),
    ("kernel/stocks.py", "        pool[shelf[LOT_TAIL], NEXT] = place\n    pool[place, NEXT] = NONE\n"
     "    shelf[LOT_TAIL] = place\n",
     "        pool[place, NEXT] = pool[shelf[LOT_HEAD], NEXT]\n        pool[shelf[LOT_HEAD], NEXT] = place\n"
     "    if shelf[FIRST_ROW] == pool[place, ROW]:\n        pool[place, NEXT] = NONE\n"
     "    shelf[LOT_TAIL] = place\n",
     "lots go first-in first-out"),
    ("kernel/stocks.py", "while need >= left:", "while need > left:", "a lot that is used up is gone"),
    ("stockroom.py", "while lots and lots[-1] > lot:", "while False:",
     "lots of one second stand in order of (lane, n)"),
    ("reference.py", "row = queue[0]", "row = queue[-1]", "orders start first-in first-out"),
    # slots expire
    ("kernel/line.py", "if pool[place, EXPIRES_S] <= t:", "if pool[place, EXPIRES_S] < t:",
     "the second of expiry is too late"),
    ("kernel/line.py", "if t >= line[NEXT_EXPIRY_S]:", "if t > line[NEXT_EXPIRY_S]:",
     "expired slots are lost before lines take orders"),
    ("kernel/line.py", "            credit(place, recipe, tb, st)\n", "", "what is lost gives its debits back"),
    ("kernel/orders.py", "            st.supply[feed, DEBITED] -= quantity\n", "", "what is lost gives its share back"),
    ("reference.py", "if t >= self.next_expiry[recipe]:", "if t > self.next_expiry[recipe]:",
     "expired slots are lost before lines take orders"),
    # replenishment
    ("kernel/orders.py", "while st.supply[feed, INVENTORY] <= reorder_units:",
     "while st.supply[feed, INVENTORY] < reorder_units:", "an order is placed at the reorder point"),
    ("replenishment.py", "while self._position[lane] <= reorder_units:",
     "while self._position[lane] < reorder_units:", "an order is placed at the reorder point"),
    ("rules.py", "return debited * other_share_ppm < other_debited * share_ppm",
     "return debited * other_share_ppm <= other_debited * share_ppm",
     "of equal lanes the first pays"),
    ("rules.py", "if is_blocked != other_is_blocked:\n        return other_is_blocked",
     "if is_blocked != other_is_blocked:\n        return is_blocked", "lanes that are not blocked go first"),
    ("rules.py", "if begins[i] <= t < ends[i]:", "if begins[i] <= t <= ends[i]:", "blocked intervals are half-open"),
    # the road
    ("kernel/road.py", "if route_s < best_s:", "if route_s <= best_s:", "of equal routes the first is quickest"),
    ("ways.py", "estimates.index(quickest)", "len(estimates) - 1 - estimates[::-1].index(quickest)",
     "of equal routes the first is quickest"),
    ("rules.py", "return usual_s - quickest_s > divert_s", "return usual_s - quickest_s >= divert_s",
     "a saving of the threshold is not enough"),
    ("rules.py", "return duration_s if duration_s > 1 else 1", "return duration_s", "a leg takes a second at least"),
    ("rules.py", "if done[middle] < target:", "if done[middle] <= target:", "work that fills a shift ends with it"),
    # milk runs
    ("docks.py", "leader, *others = sorted(self._waiting[run])", "leader, *others = self._waiting[run]",
     "the load with the least (lane, n) leads"),
    ("docks.py", "        self._waiting[run] = []\n", "        self._waiting[run] = others[1:]\n",
     "all that stands on the dock leaves"),
    ("docks.py", "last = self._depart_first[run + 1]", "last = self._depart_first[-1]",
     "after its last departure nothing leaves with a run"),
    ("reference.py", "departs * PHASES + DEPART", "departs * PHASES + RECEIVE",
     "a run leaves behind all that was finished in its second"),
    ("reference.py", "if departs < self.horizon_s:", "if departs < self.horizon_s and self.docks.run_of_lane[lane]:",
     "every run leaves"),
    ("reference.py", "for rider in self.docks.riders.get(row, ()):", "for rider in ():",
     "all that ride are received"),
    ("reference.py", "self.ways.route_first[self.lane_of_row[row]] + way",
     "self.ways.route_first[self.lane_of_row[row]]", "those who ride go the way that was chosen"),
    ("notes.py", "for note in notes for rider", "for note in notes[:9] for rider", "those who ride pass the borders"),
    ("rules.py", "place_after(t - 1, first, last, depart_s)", "place_after(t, first, last, depart_s)",
     "a load finished in the second of a departure leaves with it"),
    ("kernel/road.py", "if first == NONE or pool[place, ROW] < pool[first, ROW]:", "if first == NONE:",
     "the load with the least (lane, n) leads"),
    ("kernel/road.py", "if at < last and tb.depart_s[at]", "if at < tb.depart_s.size and tb.depart_s[at]",
     "after its last departure nothing leaves with a run"),
    ("kernel/road.py", "pool[rider, ROUTE] = tb.lanes[pool[rider, LANE], ROUTE_FIRST] + way",
     "pool[rider, ROUTE] = tb.lanes[pool[rider, LANE], ROUTE_FIRST]", "those who ride go the way that was chosen"),
    ("kernel/state.py", "DEPART, ROAD = int(Phase.DEPART)", "DEPART, ROAD = 0 * int(Phase.DEPART)",
     "a run leaves behind all that was finished in its second"),
    # plants in trouble
    ("rules.py", "return int(shift_s[low]) if", "return int(shift_s[last - 1]) if", "the next shift works again"),
    ("rules.py", "if t - begun <= send_home_s:", "if t - begun < send_home_s:", "a crew goes home after its patience"),
    ("rules.py", "if low > first and shift_s[low - 1] > begun:", "if low > first and shift_s[low - 1] > t:",
     "a crew stands since its shift began"),
    ("crews.py", "return self._at_home_until[recipe] > t", "return self._at_home_until[recipe] > t + 1",
     "a crew is back with its shift"),
    ("crews.py", "        self._stands_since[recipe] = NEVER\n", "        self._stands_since[recipe] = since_s\n",
     "who has worked no longer stands"),
    ("crews.py", "min(self._stands_since[recipe], t)", "t", "a recipe stands since it first lacked an input"),
    ("kernel/line.py", "line[AT_HOME_UNTIL_S] <= t:", "line[AT_HOME_UNTIL_S] < t:",
     "a crew is back with its shift"),
    ("kernel/line.py", "if line[STANDS_SINCE_S] == NEVER:", "if line[STANDS_SINCE_S] != -5:",
     "a recipe stands since it first lacked an input"),
    ("rules.py", "place_after(t, first, last, ends)", "place_after(t - 1, first, last, ends)",
     "intervals of buildup are half-open"),
    ("rules.py", "if low < last and begins[low] <= t:", "if low < last and begins[low] < t:",
     "intervals of buildup are half-open"),
    ("replenishment.py", "if begin < end:", "if begin + 1 < end:", "every lane builds up what it is to"),
    ("kernel/prepare.py", "np.maximum.at(most, lane, plan.buildup.units)", "most[lane] = plan.buildup.units",
     "every lane builds up what it is to"),
    ("rules.py", "    if on_hand > alarm_units:", "    if on_hand >= alarm_units:", "the alarm level is an alarm"),
    ("rules.py", "return on_hand * alarm_s // alarm_units if", "return alarm_s if",
     "what is on hand lasts for its part of the alarm level's time"),
    ("ways.py", "            if estimate < best_s:", "            if estimate <= best_s:",
     "only a quicker way is worth its price"),
    ("ways.py", "            if best_s <= lasts_s:\n                break\n", "",
     "the cheapest way that comes in time"),
    ("ways.py", "if not is_urgent or estimates[place] <= lasts_s:", "if not is_urgent:",
     "who comes in time is not expedited"),
    ("kernel/road.py", "        if best_s <= patience_s:\n            break\n", "",
     "the cheapest way that comes in time"),
    ("kernel/road.py", "if way_s < best_s:", "if way_s <= best_s:", "only a quicker way is worth its price"),
    ("kernel/road.py", "        if best_s <= patience_s:", "        if best_s < patience_s:", "in time is not late"),
    ("kernel/road.py", "        best, best_s = first, usual_s\n    if patience_s",
     "        best = first\n    if patience_s", "a way for emergencies beats the way that was chosen"),
    ("kernel/road.py", "for route in range(urgent, last):", "for route in range(last - 1, urgent - 1, -1):",
     "the cheapest way that comes in time"),
    # the lines of a crossing
    ("border/booths.py", "if cursor < last_truck and arrive_s[cursor] < t_end and arrive_s[cursor] <= over_s:",
     "if cursor < last_truck and arrive_s[cursor] <= t_end and arrive_s[cursor] <= over_s:",
     "our loads go before background of the same second"),
    ("border/booths.py", "arrive_s[cursor] <= over_s:", "arrive_s[cursor] < over_s:",
     "background goes before trucks that come over in the same second"),
    ("border/booths.py", "elif over_s < t_end:", "elif over_s <= t_end:",
     "our loads go before trucks that come over in the same second"),
    ("border/booths.py", "if key < best:", "if key >> BOOTH_BITS <= best >> BOOTH_BITS:",
     "ties go to the lowest booth"),
    ("border/booths.py", "if best >> BOOTH_BITS < (hour + 1) * HOUR_S:",
     "if best >> BOOTH_BITS <= (hour + 1) * HOUR_S:", "a booth serves in its open hours"),
    ("border/booths.py", "if ring_at == ring_last:", "if ring_at == ring_last - 1 and ring_at > ring_first:",
     "FAST trucks wait behind the split"),
    ("border/booths.py", "duration_s if duration_s > 1 else 1", "duration_s", "a service takes a second at least"),
    ("border/booths.py", "if split < joined:", "if split < t:",
     "a FAST truck cannot pass the split before it is there"),
    ("border/booths.py", "if module_at == last_module:", "if module_at == last_module - 1 and n_modules > 1:",
     "every module checks"),
    ("border/booths.py", "joined = checked + check_s + approach_s", "joined = checked + approach_s",
     "the booths are reached when the check is done"),
    ("border/elsewhere.py", "(tried_s > patience_s and", "(tried_s >= patience_s and", "patience is exceeded, not met"),
    ("border/elsewhere.py", "if there_s < wait_s + beyond_s:", "if there_s <= wait_s + beyond_s:",
     "nobody goes elsewhere for nothing"),
    ("border/elsewhere.py", "if is_own != 0 and choice", "if choice", "who has come over does not go on"),
    ("border/elsewhere.py", "tried_s -= shut_before(k, start, q) - shut_before(k, t, q)", "tried_s -= 0",
     "ordinary hours try nobody's patience"),
    ("border/elsewhere.py", "+ is_fast]) - best_s > divert_s:", "+ is_fast]) - best_s >= divert_s:",
     "a saving of what a truck asks for does not turn it round"),
    ("border/elsewhere.py", "        if there_s < best_s:", "        if there_s <= best_s:",
     "of equal substitutes ours take the first"),
    ("border/bays.py", "key = t << ORDER_BITS | int(q.state[own + SENT_SO_FAR])",
     "key = t << ORDER_BITS | (1 << 30) - int(q.state[own + SENT_SO_FAR])",
     "trucks of one second come to the bays in the order in which they passed the booths"),
    ("border/bays.py", "if t >= until:", "if t > until:", "our loads are inspected before trucks of the same second"),
    ("border/bays.py", "lot_bp < q.inspect_bp", "lot_bp <= q.inspect_bp", "a lot is below the share, not at it"),
    ("border/bays.py", "if q.sent_key[first + parent] <= key:", "if q.sent_key[first + parent] >= key:",
     "those sent come in order (push)"),
    ("border/bays.py", "if q.sent_key[first + child] >= key:", "if q.sent_key[first + child] <= key:",
     "those sent come in order (pop)"),
    ("border/tractors.py", "+ int(q.state[own + POSTED_STANDARD + is_fast])", "",
     "a tractor is away for the wait posted as well"),
    ("border/tractors.py", "if q.tractor_back[first + child] >= back:", "if q.tractor_back[first + child] <= back:",
     "the tractor that was back first goes first"),
    ("border/ticks.py",
     "        if q.state[k * STATE_FIELDS + N_STANDARD] > 0:\n            pass_trucks(k, t, MERGE, 0, 0, 0, q)\n",
     "        pass\n", "a tick brings every crossing to its second"),
    ("border/ticks.py", "return wait_s * share_bp // LOTS", "return 0", "the wait for bays is posted"),
    ("border_clerk.py", "for claim in sorted(self.ready[crossing].pop(t), key=_row_of_claim):",
     "for claim in sorted(self.ready[crossing].pop(t), key=_row_of_claim, reverse=True):",
     "trailers ready in one second are fetched in order of (lane, n)"),
    ("border_clerk.py", "for claim in sorted(self.inspected[crossing].pop(t), key=_row_of_claim):",
     "for claim in sorted(self.inspected[crossing].pop(t), key=_row_of_claim, reverse=True):",
     "loads sent in one second are inspected in order of (lane, n)"),
    ("border_clerk.py", "claim, stage = yard.popleft()", "claim, stage = yard.pop()",
     "trailers wait first-in first-out"),
    ("kernel/border.py", "            pool[st.yards[k, YARD_TAIL], BEHIND] = place\n",
     "            head = st.yards[k, YARD_HEAD]\n            pool[place, BEHIND], pool[head, BEHIND] = "
     "pool[head, BEHIND], place\n",
     "trailers wait first-in first-out"),
    ("border_clerk.py", "return 0 if self.is_through[self.route_of_row[row]] else yard_s", "return yard_s",
     "a trailer of a team truck stands in no yard"),
    ("kernel/border.py", "return 0 if tb.routes[st.pool[place, ROUTE], IS_THROUGH] else yard_s", "return yard_s",
     "a trailer of a team truck stands in no yard"),
    ("kernel/border.py", "if back_s(k, queues) <= t:", "if back_s(k, queues) < t:", "a tractor back at t goes at t"),
    ("kernel/border.py", "    pass_trucks(k, t, MERGE, 0, 0, 0, queues)\n", "",
     "trucks of others that came to the bays before ours are there before them"),
    ("kernel/loop.py", "event_key(counts[NEXT_TICK_S], 0, 0) <= key", "event_key(counts[NEXT_TICK_S], 6, 0) <= key",
     "a posting hangs before anything else of its second"),
)  # fmt: skip


def survivors(numbers: list[int]) -> list[int]:
    """Those mutants, by number, that no plan tells from the sound engine."""
    from sim.engines import reference
    from tests.engines.busy import busy_plan

    plans = [busy_plan(seed) for seed in SEEDS]
    plans += [busy_plan(seed, milk=True) for seed in SEEDS]
    plans += [busy_plan(seed, trouble=True) for seed in TROUBLED]
    sound = [reference.simulate(plan).digest() for plan in plans]
    found = []
    for number in numbers:
        child = os.fork()
        if child == 0:
            os._exit(_is_caught(number, plans, sound))
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            found.append(number)
    return found


def _is_caught(number: int, plans: list[object], sound: list[str]) -> int:
    """1 if a changed engine gives another ledger, fails or does not end; 0 if nobody notices."""
    file, old, new, _ = MUTANTS[number]
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(MOST_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "engines"
        shutil.copytree(ENGINES, place, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ENGINES.with_name("plan.py"), folder)  # its text is part of the name of the machine code
        os.environ["NUMBA_CACHE_DIR"] = folder  # and nothing of it is to be kept
        text = (place / file).read_text()
        if text.count(old) != 1:
            sys.stderr.write(f"mutant {number}: {file} holds {text.count(old)} times {old!r}\n")
            return 0
        (place / file).write_text(text.replace(old, new))
        _import_from(place)
        names = [] if file.startswith("kernel") else ["reference"]
        names += [] if file in REFERENCE_ONLY else ["compiled"]
        try:
            for name in names:
                engine = __import__(f"sim.engines.{name}", fromlist=["simulate"])
                if any(engine.simulate(plan).digest() != kept for plan, kept in zip(plans, sound, strict=True)):
                    return 1
        except Exception:
            return 1
    return 0


def _import_from(folder: Path) -> None:
    """Let ``sim.engines`` be what a folder holds."""
    for name in [name for name in sys.modules if name.startswith("sim.engines")]:
        del sys.modules[name]
    spec = spec_from_file_location("sim.engines", folder / "__init__.py", submodule_search_locations=[str(folder)])
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["sim.engines"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    asked = [int(word) for word in sys.argv[1:]] or list(range(len(MUTANTS)))
    sys.stdout.write(json.dumps(survivors(asked)))
