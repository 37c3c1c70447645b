"""What may be said of counts: intervals and tests by statsmodels and scipy, and what is refused in their place."""

import math

from scipy.optimize import brentq
from scipy.stats import chisquare, norm
from statsmodels.stats.power import normal_power_het, normal_sample_size_one_tail
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint


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
