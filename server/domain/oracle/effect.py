"""The team's numbers, a second time: `spectrum simulate` prints made-up people and what Spectrum says of them; this counts the same
people by itself, takes intervals and tests from statsmodels and scipy, and compares. `docs/effect.md` has the definitions."""

import json
import os
import subprocess
import sys

from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import power_proportions_2indep, proportion_effectsize

from recount import expected_funnel, expected_gaps, expected_impact, expected_observed, expected_retention
from said import estimate, needed, newcombe, power, sample_ratio, smallest

NEAR = 1e-9
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
    for found, wanted in zip(summary["retention"], expected_retention(people, weights, population["weeks"], today), strict=True):
        check(f"{label}: week {wanted['week']}", found, wanted)
    for found, wanted in zip(summary["impact"], expected_impact(people, weights, today), strict=True):
        check(f"{label}: impact, {wanted['window']}", found, wanted)
    funnel = expected_funnel(people, today)
    for found, wanted in zip(summary["funnel"]["windows"], funnel["windows"], strict=True):
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
