import { number, plural, sessions, users } from "./counts.ts";

/** What the pages of long lists say in English. */
export const jobsPage = {
  jobs: {
    title: "Long lists",
    text: "Lists of users that are logged out without this page. They are kept for 14 days.",
    empty: "There were no long lists in the last 14 days.",
    all: "All long lists",
    note:
      "So many are logged out by a job, which goes on by itself: you may close this page, and find its " +
      "progress again under Long lists.",
    someBegun: (n: number) =>
      plural(n, {
        one: "# list has begun, and goes on; the rest has not.",
        other: "# lists have begun, and go on; the rest has not.",
      }),
    heading: (n: number, dryRun: boolean) =>
      dryRun ? `What would happen to ${users(n)}` : `Log-out of ${users(n)}`,
    running: (done: number, all: number) =>
      `A list is being logged out: ${number(done)} of ${users(all)} are done`,
    list: "Users done",
    state: "State",
    states: {
      filling: "Being written",
      running: "Running",
      finished: "Finished",
      unfinished: "Stopped before its end",
    },
    stalled: "Stalled",
    dryRun: "nothing is changed",
    looking: "Looking",
    loggedOut: "Logged out",
    wouldLogOut: "Would be logged out",
    outcome: (n: number, m: number) => `${users(n)}, ${sessions(m)}`,
    number,
    skipped: "Skipped, as administrators",
    unknown: "Not signed in",
    unfinished: "Left",
    begun: "Begun",
    by: "By",
    goesOn: "It goes on by itself, also when you close this page.",
    fillingText:
      "The list is being written, and nobody was logged out. If that stays so, the writing was broken off: begin again.",
    left: (n: number) => `${users(n)} left`,
    leftText:
      "The job stopped before its end. What is done stays done; it can go on with those who are left.",
    lost: "Nothing has happened for 15 minutes",
    lostText: "Its run seems to be lost. Going on is safe: nobody is counted twice.",
    resume: "Go on",
    notFound: "There is no such list. Lists are kept for 14 days.",
  },
};
