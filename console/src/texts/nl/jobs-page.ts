import type { jobsPage as english } from "../en/jobs-page.ts";
import { number, plural, sessions, users } from "./counts.ts";

/** What the pages of long lists say in Dutch. */
export const jobsPage: typeof english = {
  jobs: {
    title: "Lange lijsten",
    text: "Lijsten met gebruikers die zonder deze pagina worden afgemeld. Ze worden 14 dagen bewaard.",
    empty: "In de afgelopen 14 dagen waren er geen lange lijsten.",
    all: "Alle lange lijsten",
    note:
      "Zo veel gebruikers worden afgemeld door een taak die vanzelf doorgaat: u kunt deze pagina sluiten en " +
      "vindt de voortgang terug onder Lange lijsten.",
    someBegun: (n) =>
      plural(n, {
        one: "# lijst is begonnen en gaat door; de rest niet.",
        other: "# lijsten zijn begonnen en gaan door; de rest niet.",
      }),
    heading: (n, dryRun) => (dryRun ? `Wat er met ${users(n)} zou gebeuren` : `Afmelding van ${users(n)}`),
    running: (done, all) => `Er wordt een lijst afgemeld: ${number(done)} van ${users(all)} klaar`,
    list: "Gebruikers klaar",
    state: "Status",
    states: {
      filling: "Wordt geschreven",
      running: "Bezig",
      finished: "Klaar",
      unfinished: "Voortijdig gestopt",
    },
    stalled: "Staat stil",
    dryRun: "er verandert niets",
    looking: "Bezig met kijken",
    loggedOut: "Afgemeld",
    wouldLogOut: "Zou worden afgemeld",
    outcome: (n, m) => `${users(n)}, ${sessions(m)}`,
    number,
    skipped: "Overgeslagen, als beheerder",
    unknown: "Niet aangemeld",
    unfinished: "Nog over",
    begun: "Begonnen",
    by: "Door",
    goesOn: "Het gaat vanzelf door, ook als u deze pagina sluit.",
    fillingText:
      "De lijst wordt geschreven en er is nog niemand afgemeld. Blijft dat zo, dan is het schrijven afgebroken: begin opnieuw.",
    left: (n) => `Nog ${users(n)} over`,
    leftText:
      "De taak stopte voortijdig. Wat klaar is, blijft klaar; ze kan doorgaan met wie er nog over is.",
    lost: "Er is al 15 minuten niets gebeurd",
    lostText: "De uitvoering lijkt verloren. Doorgaan is veilig: niemand wordt twee keer geteld.",
    resume: "Doorgaan",
    notFound: "Deze lijst is er niet. Lijsten worden 14 dagen bewaard.",
  },
};
