"""Made-up people, counted one by one: what has to be said of them."""

import math

import numpy as np
from statsmodels.api import OLS

from said import (
    cell,
    compared,
    compared_refused,
    conversion_refused,
    counts,
    estimate,
    interval,
    newcombe,
    return_refused,
    said,
    sample_ratio,
)

WINDOWS = {"day": 1, "week": 7, "four_weeks": 28}


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
