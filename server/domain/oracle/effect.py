"""The team's numbers, a second time: `spectrum simulate` prints made-up people and what Spectrum says of them; this counts the same
people by itself, takes intervals and tests from statsmodels and scipy, and compares. `docs/effect.md` has the definitions."""

import json
import math
import os
import subprocess
import sys

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chisquare, norm
from statsmodels.api import OLS
from statsmodels.stats.power import NormalIndPower, normal_power_het, normal_sample_size_one_tail
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportion_confint,
    proportion_effectsize,
)

NEAR = 1e-9
WINDOWS = {"day": 1, "week": 7, "four_weeks": 28}
passed = failed = 0


def differences(found, wanted, at=""):
    """Where two values differ: figures by more than 1e-9 (relative above 1), all else at all."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        lines = [f"{at}: {sorted(found)} instead of {sorted(wanted)}"] if found.keys() != wanted.keys() else []
        return lines + [line for key in wanted if key in found for line in differences(found[key], wanted[key], f"{at}.{key}")]
    if isinstance(wanted, (list, tuple)) and isinstance(found, list):
        lines = [f"{at}: {len(found)} instead of {len(wanted)}"] if len(found) != len(wanted) else []
        return lines + [line for n, pair in enumerate(zip(found, wanted)) for line in differences(*pair, f"{at}[{n}]")]
    if isinstance(wanted, float) and isinstance(found, (int, float)) and not isinstance(found, bool):
        return [] if abs(found - wanted) <= NEAR * max(1.0, abs(wanted)) else [f"{at}: {found} instead of {wanted}"]
    return [] if found == wanted else [f"{at}: {found} instead of {wanted}"]


def check(label, found, wanted):
    global passed, failed
    lines = differences(found, wanted)
    if lines:
        failed += 1
        print(f"not the same: {label}")
        for line in lines[:5]:
            print(f"    {line}")
    else:
        passed += 1


def claim(label, is_so):
    check(label, bool(is_so), True)


# --- what the libraries say -------------------------------------------------------------------------------------------------


def interval(low, high):
    return {"low": float(low), "high": float(high)}


def wilson(hits, people):
    return interval(*proportion_confint(hits, people, alpha=0.05, method="wilson"))


def newcombe(one, other):
    low, high = confint_proportions_2indep(*one, *other, method="newcomb", compare="diff", alpha=0.05, correction=False)
    return {"difference": one[0] / one[1] - other[0] / other[1], "interval": interval(low, high)}


def estimate(hits, people):
    return {"hits": hits, "people": people, "share": hits / people, "interval": wilson(hits, people)}


def sample_ratio(people, weights):
    expected = [sum(people) * weight / sum(weights) for weight in weights]
    if min(expected) < 5:
        return {"Err": "too_few"}
    statistic, p = chisquare(people, expected)
    return {"Ok": {"statistic": float(statistic), "freedom": len(people) - 1, "p": float(p)}}


def power(base, base_people, to, people):
    error = math.sqrt(base * (1 - base) / base_people + to * (1 - to) / people)
    return float(normal_power_het(to - base, 1, 0.05, std_null=error, std_alternative=error))


def needed(base, to):
    deviation = math.sqrt(base * (1 - base) + to * (1 - to))
    return math.ceil(normal_sample_size_one_tail(to - base, 0.8, 0.025, std_null=deviation, std_alternative=deviation))


def smallest(base, base_people, people):
    """Where a rise is as many standard errors away as 5 % and 80 % ask for, found by bisection."""
    if not base_people or not people:
        return None
    reach = norm.ppf(0.975) + norm.ppf(0.8)

    def short_of(rise):
        to = base + rise
        return rise - reach * math.sqrt(base * (1 - base) / base_people + to * (1 - to) / people)

    tiny, most = 1e-12, 1 - base
    if short_of(most) < 0 or short_of(tiny) > 0:
        return None
    return float(brentq(short_of, tiny, most, xtol=1e-15, rtol=1e-14, maxiter=500))


# --- what may be said ---------------------------------------------------------------------------------------------------------


def cell(people):
    return people if people >= 10 else None


def counts(hits, people):
    return {"people": cell(people), "hits": None if 0 < people - hits < 10 else cell(hits)}


def rate_refused(hits, people, floor, refusal):
    if people == 0:
        return "windows_open"
    if people < 10:
        return "small_cell"
    if people < floor:
        return refusal
    return "small_cell" if counts(hits, people)["hits"] is None else None


def conversion_refused(hits, people):
    if people >= 100 and hits < 10:
        return "too_few_conversions"
    return rate_refused(hits, people, 100, "too_few_for_comparison")


def return_refused(hits, people):
    return rate_refused(hits, people, 30, "too_few_for_rate")


def compared_refused(hits, people):
    return return_refused(hits, people) or rate_refused(hits, people, 100, "too_few_for_comparison")


def said(refusal, value):
    return {"Err": refusal} if refusal else {"Ok": value()}


def compared(feature, holdout, broken, refused, refused_to_compare, usual):
    """Each arm as (assigned, hits, people)."""

    def arm(assigned, hits, people):
        refusal = "sample_ratio_broken" if broken else refused(hits, people)
        return {
            "assigned": cell(assigned),
            "counts": None if broken else counts(hits, people),
            "rate": said(refusal, lambda: estimate(hits, people)),
        }

    one, other = feature[1:], holdout[1:]
    refusal = "sample_ratio_broken" if broken else refused_to_compare(*one) or refused_to_compare(*other)
    shown = arm(*holdout)
    base = shown["rate"]["Ok"]["share"] if "Ok" in shown["rate"] else usual
    return {
        "feature": arm(*feature),
        "holdout": shown,
        "difference": said(refusal, lambda: newcombe(one, other)),
        "base": base,
        "smallest": smallest(base, other[1], one[1]),
    }


# --- the people, counted again -------------------------------------------------------------------------------------------------


def is_broken(ratio):
    return "Ok" in ratio and ratio["Ok"]["p"] < 0.001


def tally(people, is_so):
    people = list(people)
    return sum(1 for person in people if is_so(person)), len(people)


def converted(person, anchor, days, net=False):
    upgrade, refund = person["upgrade_hour"], person["refund_hour"]
    if upgrade is None or not anchor <= upgrade < anchor + days * 24:
        return False
    return not (net and refund is not None and upgrade <= refund < upgrade + 30 * 24)


def over(hour, days, today):
    """So many days are over for everybody of that day."""
    return hour // 24 + 1 + days <= today


def first_seen(person):
    return min(person["exposures"])


def expected_funnel(people, today):
    exposed = [person for person in people if person["exposures"] and first_seen(person) < today * 24]

    def window(name, days):
        def rate(extra, net):
            closed = [person for person in exposed if over(first_seen(person), days + extra, today)]
            return tally(closed, lambda person: converted(person, first_seen(person), days, net))

        hits, of = rate(0, False)
        net = rate(30, True)
        return {
            "called": "conversion_after_exposure",
            "window": name,
            "counts": counts(hits, of),
            "waiting": cell(len(exposed) - of),
            "rate": said(conversion_refused(hits, of), lambda: estimate(hits, of)),
            "net": said(conversion_refused(*net), lambda: estimate(*net)),
        }

    times = [
        person["upgrade_hour"] - first_seen(person)
        for person in exposed
        if over(first_seen(person), 28, today) and converted(person, first_seen(person), 28)
    ]
    median = float(np.median(times)) if len(times) >= 10 else None
    return {"windows": [window(*item) for item in WINDOWS.items()], "median_hours": median}


def arms(people, of):
    return [[person for person in people if person[of] == side] for side in ("feature", "holdout")]


def expected_impact(people, weights, today):
    sides = arms(people, "teaser_arm")
    ratio = sample_ratio([len(side) for side in sides], weights)

    def outcome(days, extra, net):
        def arm(side):
            closed = [person for person in side if over(person["assigned_hour"], days + extra, today)]
            return len(side), *tally(closed, lambda person: converted(person, person["assigned_hour"], days, net))

        return compared(*map(arm, sides), is_broken(ratio), conversion_refused, conversion_refused, 0.05)

    return [
        {
            "called": "impact",
            "window": name,
            "sample_ratio": ratio,
            "upgrades": outcome(days, 0, False),
            "net": outcome(days, 30, True),
        }
        for name, days in WINDOWS.items()
    ]


def expected_retention(people, weights, weeks, today):
    sides = arms(people, "arm")
    ratio = sample_ratio([len(side) for side in sides], weights)

    def week(number):
        def arm(side):
            ended = [person for person in side if over(person["assigned_hour"], 7 * number, today)]
            return len(side), *tally(ended, lambda person: person["weeks"][number - 1])

        returned = compared(*map(arm, sides), is_broken(ratio), return_refused, compared_refused, 0.5)
        return {"week": number, "sample_ratio": ratio, "returned": returned}

    return [week(number) for number in range(1, weeks + 1)]


def split(people, is_user):
    """Users and the others."""
    return [person for person in people if is_user(person)], [person for person in people if not is_user(person)]


def opened_before(day):
    return lambda person: person["opened_day"] is not None and person["opened_day"] < day


def expected_gaps(people, today):
    followed = [person for person in arms(people, "arm")[0] if over(person["assigned_hour"], 28, today)]

    def there(person):
        return person["weeks"][3]

    ever = split(followed, opened_before(28))
    one, other = (tally(group, there) for group in ever)
    warning = "People who open Spectrum were already more active. This is not its effect."
    raw = said(
        compared_refused(*one) or compared_refused(*other),
        lambda: {"warning": warning, "not_an_effect": newcombe(one, other)},
    )

    weighed = []
    for active in range(5):
        groups = [tally((person for person in group if sum(person["before"]) == active), there) for group in ever]
        if groups[0][1] and groups[1][1]:
            weighed.append((groups[0][1], groups[0][0] / groups[0][1] - groups[1][0] / groups[1][1]))
    stratified = float(np.average([gap for _, gap in weighed], weights=[users for users, _ in weighed])) if weighed else None

    one, other = (tally(group, there) for group in split(followed, opened_before(14)))
    landmark = said(
        compared_refused(*one) or compared_refused(*other),
        lambda: {
            "landmark": {"day": 14, "week": 4},
            "users": dict(zip(("hits", "people"), one)),
            "others": dict(zip(("hits", "people"), other)),
            "gap": newcombe(one, other),
            "badge": "observational_likely_biased_upward",
        },
    )
    return raw, stratified, landmark


def expected_observed(people, today):
    followed = [person for person in arms(people, "arm")[0] if over(person["assigned_hour"], 42, today)]
    groups = split(followed, opened_before(14))
    if min(map(len, groups)) < 100:
        return {"Err": "too_few_for_comparison"}
    user = np.array([1.0] * len(groups[0]) + [0.0] * len(groups[1]))
    both = groups[0] + groups[1]

    def in_differences(change, weeks):
        # One observation a person: a regression on being a user, its errors by HC2, is the comparison of two means with two variances.
        fit = OLS([change(person) / weeks for person in both], np.column_stack([np.ones_like(user), user])).fit(cov_type="HC2")
        low, high = fit.conf_int(0.05)[1]
        return {
            "users": cell(len(groups[0])),
            "others": cell(len(groups[1])),
            "difference": float(fit.params[1]),
            "error": float(fit.bse[1]),
            "interval": interval(low, high),
        }

    def apart(number):
        one, other = (np.array([number(person) for person in group], dtype=float) for group in groups)
        return float((one.mean() - other.mean()) / math.sqrt((one.var(ddof=1) + other.var(ddof=1)) / 2))

    effect = in_differences(lambda person: sum(person["weeks"][2:6]) - sum(person["before"]), 4)
    before = in_differences(lambda person: sum(person["before"][2:]) - sum(person["before"][:2]), 2)
    balance = [
        {"of": "weeks there, of the four before", "apart": apart(lambda person: sum(person["before"]))},
        {"of": "there in the week before", "apart": apart(lambda person: person["before"][3])},
        {"of": "in the host's app", "apart": apart(lambda person: person["surface"] == "webview")},
    ]
    badge = "observational_likely_biased_upward"
    if any(abs(row["apart"]) >= 0.1 for row in balance):
        badge = "observational_groups_differ"
    if not before["interval"]["low"] <= 0 <= before["interval"]["high"]:
        badge = "observational_drifted_before"
    return {"Ok": {"effect": effect, "before": before, "balance": balance, "badge": badge}}


# --- what Spectrum says ---------------------------------------------------------------------------------------------------------


def spectrum(*arguments):
    command = [os.environ.get("SPECTRUM", "spectrum"), "simulate", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def compare_people(label, **options):
    flags = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
    *lines, last = spectrum("people", "--json", *flags).splitlines()
    people, summary = list(map(json.loads, lines)), json.loads(last)
    population = summary["population"]
    today, weights = population["today"], [1000 - population["holdout"], population["holdout"]]
    claim(f"{label}: everybody is there", len(people) == population["people"])
    for spread, arm in (("spread", "arm"), ("teaser_spread", "teaser_arm")):
        drawn = ["feature" if person[spread] * 1000 >> 64 < weights[0] else "holdout" for person in people]
        check(f"{label}: {arm} by {spread}", [person[arm] for person in people], drawn)
    for found, wanted in zip(summary["retention"], expected_retention(people, weights, population["weeks"], today)):
        check(f"{label}: week {wanted['week']}", found, wanted)
    for found, wanted in zip(summary["impact"], expected_impact(people, weights, today)):
        check(f"{label}: impact, {wanted['window']}", found, wanted)
    funnel = expected_funnel(people, today)
    for found, wanted in zip(summary["funnel"]["windows"], funnel["windows"]):
        check(f"{label}: after exposure, {wanted['window']}", found, wanted)
    check(f"{label}: median hours", summary["funnel"]["median_hours"], funnel["median_hours"])
    raw, stratified, landmark = expected_gaps(people, today)
    check(f"{label}: raw gap", summary["raw_gap"], raw)
    check(f"{label}: stratified", summary["not_an_effect_stratified"], stratified)
    check(f"{label}: landmark", summary["landmark"], landmark)
    check(f"{label}: differences in differences", summary["observed"], expected_observed(people, today))


def compare_grid():
    grid = json.loads(spectrum("grid"))
    for rate in grid["rates"]:
        check(f"Wilson {rate['hits']}/{rate['people']}", rate, estimate(rate["hits"], rate["people"]))
    for pair in grid["pairs"]:
        one, other = ((rate["hits"], rate["people"]) for rate in (pair["one"], pair["other"]))
        found = {key: pair[key] for key in ("difference", "interval")}
        check(f"Newcombe {one} less {other}", found, newcombe(one, other))
    for sizes in grid["sizes"]:
        check(f"chi-square of {sizes['people']}", sizes["tested"], sample_ratio(sizes["people"], sizes["weights"]))
    for row in grid["reach"]:
        base, to, base_people, people = (row[key] for key in ("base", "to", "base_people", "people"))
        label = f"{base} to {to} with {base_people} and {people}"
        check(f"power of {label}", row["power"], power(base, base_people, to, people))
        check(f"needed for {base} to {to}", row["needed"], needed(base, to))
        check(f"smallest of {label}", row["smallest"], smallest(base, base_people, people))
        # Pooled under no difference, as the textbook has it for equal arms: the same to a hundredth.
        if base_people == people >= 1000:
            pooled = power_proportions_2indep(to - base, base, people, alpha=0.05, return_results=False)
            claim(f"pooled power of {label}", abs(pooled - row["power"]) < 0.01)
        # On the arcsine scale, where shares are not close to none or all: the same to three in a hundred.
        if abs(to - base) < 0.05 and to < 0.9:
            by_arcsine = NormalIndPower().solve_power(proportion_effectsize(to, base), power=0.8, alpha=0.05)
            claim(f"arcsine size for {base} to {to}", abs(by_arcsine / row["needed"] - 1) < 0.03)


def main():
    compare_grid()
    compare_people("half and half", people=20_000, effect=0.05, conversion_effect=0.02, today=90, seed=1)
    compare_people("nothing is true", people=20_000, today=70, seed=2)
    compare_people("a holdout of a twentieth, weeks open", people=12_000, holdout=50, effect=0.04, today=40, seed=3)
    compare_people("harm", people=8_000, holdout=200, effect=-0.05, conversion_effect=-0.01, weeks=6, today=60, seed=4)
    compare_people("nobody's time is up", people=3_000, today=5, seed=5)
    for people in (30, 70, 150, 400):
        compare_people(f"{people} people", people=people, today=100, seed=people)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
