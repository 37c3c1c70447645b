// How long and how large every test is: a quick look, or the run whose figures are quoted.

export const quick = {
  name: "quick",
  rounds: 1,
  oneSeconds: 2,
  batches: 10,
  drainJobs: 10_000,
  drainLimit: 4,
  latencySeconds: 3,
  patience: 6,
  sustainSeconds: 5,
  faultJobs: { default: 200, fast: 2000 },
  faultPatience: { default: 8, fast: 8 },
  wrongJobs: 50_000,
  wrongSeconds: 3,
  floorSeconds: 3,
  scaled: [
    "everything is small and run once: a look whether all of it works, no figures to quote",
    "W5 stops waiting after 8 s, before any queue frees a killed worker's jobs: lost counts those that were only held",
  ],
};

export const full = {
  name: "full",
  rounds: 5,
  oneSeconds: 10,
  batches: 100,
  drainJobs: 100_000,
  drainLimit: 30,
  latencySeconds: 30,
  patience: 30,
  sustainSeconds: 60,
  faultJobs: { default: 1000, fast: 10_000 },
  faultPatience: { default: 60, fast: 180 },
  wrongJobs: 1_000_000,
  wrongSeconds: 20,
  floorSeconds: 10,
  scaled: [
    "W1a 10 s instead of 30, W3 30 s instead of 60, W4 60 s instead of 120, W7's latency 20 s instead of 60",
    "W2 with a queue's own defaults once and not five times, two processes three times; each ends after 30 s, empty or not",
    "W4, W6 and W7 with the fast settings alone",
  ],
};
