"""Means and quantiles of durations of which some had not ended when the run stopped (Kaplan and Meier 1958)."""

import numpy as np


def survival_curve(durations: np.ndarray, ended: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Times at which the curve drops, and its value just after each. ``ended`` is False where censored."""
    order = np.argsort(durations, kind="stable")
    time, event = durations[order], ended[order].astype(float)
    at_risk = len(time) - np.searchsorted(time, time, side="left")
    times, first = np.unique(time, return_index=True)
    deaths = np.add.reduceat(event, first) if len(time) else np.empty(0)
    alive = np.cumprod(1 - deaths / at_risk[first])
    return times, alive


def restricted_mean(durations: np.ndarray, ended: np.ndarray, cap: float = np.inf) -> float:
    """Mean of min(duration, cap): the area under the curve up to ``cap``; without censoring the plain mean."""
    if not len(durations):
        return float("nan")
    cap = min(cap, float(durations.max()))
    times, alive = survival_curve(durations, ended)
    inside = times < cap
    edges = np.concatenate([[0.0], times[inside], [cap]])
    heights = np.concatenate([[1.0], alive[inside]])
    return float(np.sum(np.diff(edges) * heights))


def quantile(durations: np.ndarray, ended: np.ndarray, share: float) -> float:
    """Smallest time by which ``share`` has ended; the longest seen if that many never ended."""
    if not len(durations):
        return float("nan")
    times, alive = survival_curve(durations, ended)
    reached = np.nonzero(alive <= 1 - share + 1e-12)[0]
    return float(times[reached[0]] if len(reached) else times[-1])
