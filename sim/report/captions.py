"""Headings and captions of the figures: what a reader must know to read each one rightly."""

from __future__ import annotations

from types import MappingProxyType

# Figure name to heading and caption.
CAPTIONS = MappingProxyType(
    {
        "cost_waterfall": (
            "Cost per vehicle",
            "How the change in the cost of a vehicle builds up, component by component; hatched orange "
            "parts add to it, plain blue parts take from it, the dark bar is their sum. The whisker on "
            "the sum is the 95 % interval of the paired difference between scenario and baseline over "
            "the replications: chance within the model, not doubt about its assumptions. All panels "
            "share one scale.",
        ),
        "duty_by_programme": (
            "Duty by programme",
            "Duties that a vehicle bears (fees are apart), whether paid on the vehicle itself or embedded in "
            "parts that crossed earlier, by the programme of law that charges them. The figure at the "
            "end of each bar is the sum; in brackets the change in duty alone, with its 95 % interval.",
        ),
        "who_pays": (
            "Who pays",
            "Above, who bears the change in the cost of a vehicle: buyers, as far as prices follow costs (an "
            "assumption), and makers; below, where it goes: duty by treasury, fees, and all else, such as freight and "
            "paperwork, to the left of the line what is saved. Before sales follow prices. Means over replications.",
        ),
        "treasury_receipts": (
            "Receipts by treasury",
            "What each of the three treasuries collects on the goods of the model over the measured "
            "window, duties and fees together. Means over replications.",
        ),
        "content_thresholds": (
            "Content against thresholds",
            "Originating content of each vehicle, as the agreement of the scenario counts it, beside the "
            "threshold it has to reach. A hatched orange bar fails the rule; where it reaches the threshold "
            "and still fails, the reason is written in the bar. The diamond is the share of value added in "
            "the United States; it is not the share that a rule with a national minimum counts (that one, on the "
            "base the rule names, stands in the reason). Values of replication 0.",
        ),
        "border_hours": (
            "Border hours and lost vehicles",
            "Left: the hours that all loads behind a vehicle spend at land crossings of trucks, while the "
            "port works, apportioned by units; rail interchanges and ocean terminals belong to the lead time. "
            "Right: builds that were not recovered. Whiskers are 95 % intervals of the paired "
            "change from the baseline (dashed line, diamond); an interval that touches the line shows "
            "no change.",
        ),
        "border_waits": (
            "Waits by crossing",
            "Mean wait for a booth at the crossings where the baseline waits longest, one marker a "
            "scenario; the grey band runs from the median to the 95th percentile of the baseline and "
            "may leave the mean outside. Only hours in which the port works count: a load that comes at "
            "night waits for the morning in a yard.",
        ),
        "waits_by_hour": (
            "Waits by hour of the day",
            "Mean wait of other people's trucks by the local hour in which they join, at the crossings of the baseline "
            "that wait longest: the line is the median over the days measured, the band holds 5 to 95 % of them. Who "
            "joins just before a port closes waits for the morning.",
        ),
        "queue_over_disruption": (
            "Queue over the disruption",
            "Mean wait of other people's trucks by hour of joining, before, in and after the first disruption of the "
            "study (grey), at the crossings where it moves most. Hours in which nobody joins are blank. Median over "
            "the replications whose ledgers were stored.",
        ),
        "over_time": (
            "The run over time",
            "Day by day over the whole run, the warm-up on grey: the line is the median over replications, the "
            "band holds those from 5 to 95 %. Waits are those of everybody's trucks, at the crossing where the "
            "network's own wait most hours in the baseline, of those passed every day. A scenario that is the same "
            "as one before it on every day is left out.",
        ),
        "network_map": (
            "Network",
            "Sites, usual routes and ports of entry. A line is as wide as the loads a working day that "
            "the build schedules and bills of materials call for; lines run straight from port to port "
            "and are no roads. Ports are coloured by the mean wait of the baseline. Outline: Natural "
            "Earth, public domain.",
        ),
        "supplier_tiers": (
            "Suppliers by tier",
            "Sites from the deepest suppliers at the left to assembly at the right, Canada at the top, overseas below; "
            "a mark is as large as what a site delivers on a working day is worth, a line as wide as the value that "
            "goes along it. What goes from site to site within a tier is not drawn.",
        ),
        "crossings_histogram": (
            "Borders passed",
            "Production cost of each vehicle by the borders that it has passed when it is built in, each source by its "
            "share and its usual route. The finished vehicle's own way to market is not in it.",
        ),
        "passport": (
            "Passport of one part",
            "One load of the baseline (replication 0) followed into whatever it was built into, to the end of "
            "the run or the market: waiting for its turn or its inputs (grey outline), being made (blue), held at "
            "a border (orange), lying in stock (green, hatched), on the road (dotted). Below, the value "
            "of one unit of what it had become, and the duty in that value.",
        ),
        "trade_balance": (
            "Trade balance",
            "Change in exports less imports of the goods in the model, by pair of countries, over the "
            "measured window; a bar to the right is a better balance for the first country named. "
            "Whiskers are 95 % intervals.",
        ),
    }
)

# Figure name to how its chart on the page is read, which is drawn in another way than on paper.
CHART_NOTES = MappingProxyType(
    {
        "cost_waterfall": (
            "Parts to the right of the zero line add to the cost of a vehicle, those to the left take from "
            "it; the diamond is their sum, with the 95 % interval of the paired difference over the "
            "replications: chance within the model, not doubt about its assumptions."
        ),
        "duty_by_programme": (
            "Duties that a vehicle bears (fees are apart), whether paid on the vehicle itself or embedded in "
            "parts that crossed earlier, by the programme of law that charges them; the figure at the end is "
            "the sum."
        ),
        "treasury_receipts": (
            "Duties and fees that each treasury collects on the goods of the model over the measured window, "
            "means over replications."
        ),
        "content_thresholds": (
            "Originating content as the agreement of the scenario counts it; the upright stroke is the "
            "threshold asked. Where a rule fails, the value read out says why. Replication 0; scenarios "
            "without an agreement in force are not drawn."
        ),
        "border_hours": (
            "Hours that all loads behind a vehicle spend at land crossings of trucks while the port works, "
            "and builds that were not recovered. Whiskers are 95 % intervals of the paired change from the "
            "baseline."
        ),
        "border_waits": (
            "Mean wait at the crossings where the baseline waits longest, in the hours in which the port "
            "works. Scenarios that round to the same wait share a mark."
        ),
        "over_time": (
            "The line is the median over replications, the band holds those from 5 to 95 %. Waits are those "
            "of everybody's trucks, at the crossing where the network's own wait most hours in the baseline, of those "
            "passed every day. A scenario that repeats one before it on every day is left out."
        ),
        "trade_balance": (
            "Change in exports less imports of the goods in the model; to the right is better for the first "
            "country named. Whiskers are 95 % intervals. Scenarios that round to the same change share a "
            "mark."
        ),
    }
)
