import type { Texts } from "./en.ts";
import { plural, sessions } from "./nl/counts.ts";
import { components } from "./nl/components.ts";
import { jobsPage } from "./nl/jobs-page.ts";
import { ownPage } from "./nl/own-page.ts";
import { usersPage } from "./nl/users-page.ts";

/** All that the console says in Dutch. */
export const nl: Texts = {
  cloudscape: { "cloudscape-design-components": { nl: components } },
  product: "Sessies",
  close: "Sluiten",
  cancel: "Annuleren",
  retry: "Opnieuw proberen",
  refresh: "Vernieuwen",
  loading: "Laden",
  updated: (ago) => `${ago} bijgewerkt`,
  reason: {
    label: "Reden",
    optional: "optioneel",
    hint: "Wordt bewaard bij wat u doet, en alleen aan beheerders getoond.",
    length: (n, most) => `${n} van hoogstens ${most} tekens`,
    tooLong: (most) => `Een reden heeft hoogstens ${most} tekens.`,
  },
  header: {
    language: "Taal",
    theme: "Thema",
    themes: { system: "Zoals het systeem", light: "Licht", dark: "Donker" },
    signedInAs: (user) => `Aangemeld als ${user}`,
    logOut: "Afmelden",
    administrator: "Beheerder",
  },
  account: { title: "Mijn account", newTab: "opent in een nieuw tabblad" },
  navigation: {
    title: "Navigatie",
    devices: "Mijn apparaten",
    users: "Gebruikers en sessies",
    overview: "Overzicht",
    sharing: "Delen",
    activity: "Activiteit",
    jobs: "Lange lijsten",
  },
  notFound: {
    title: "Pagina niet gevonden",
    text: "Dit adres leidt nergens heen.",
    home: "Naar mijn apparaten",
  },
  failures: {
    title: "Dit is niet gelukt",
    unreachable: "De server gaf geen antwoord. Controleer de verbinding en probeer het opnieuw.",
    unavailable:
      "De dienst is op dit moment niet beschikbaar. Er is niets gewijzigd; probeer het zo opnieuw.",
    unknownOutcome: "De dienst liet niet weten of dit gedaan is. Kijk het na voordat u het opnieuw doet.",
    forbidden: "U hebt hier geen rechten voor.",
    crossOrigin: "De dienst weigerde deze pagina: het is niet de pagina van deze installatie.",
    notFound: "Die sessie is er niet meer.",
    signedOut: "U bent niet meer aangemeld.",
    other: (status) => `De dienst antwoordde met een fout (${status}).`,
  },
  connection: {
    offlineTitle: "U bent offline",
    unreachableTitle: "De server geeft geen antwoord",
    text: "Wat u ziet kan verouderd zijn. De pagina gaat vanzelf verder zodra er weer verbinding is.",
  },
  device: {
    unknown: "Onbekend apparaat",
    classes: { desktop: "Computer", mobile: "Telefoon of tablet" },
    on: (client, system) => `${client} op ${system}`,
  },
  signIn: {
    title: "Aanmelden",
    userName: "Gebruikersnaam",
    password: "Wachtwoord",
    submit: "Aanmelden",
    with: (name) => `Aanmelden met ${name}`,
    noUserName: "Vul uw gebruikersnaam in.",
    noPassword: "Vul uw wachtwoord in.",
    badUserName: "Dit kan geen gebruikersnaam zijn.",
    badPassword: "Een wachtwoord heeft 1 tot 1.024 tekens.",
    wrong: "De gebruikersnaam of het wachtwoord klopt niet.",
    throttled: "Te veel mislukte pogingen",
    waitFor: (time) => `U kunt het over ${time} opnieuw proberen.`,
    tryNow: "U kunt het nu opnieuw proberen.",
    noWay: "Op deze pagina meldt niemand zich aan: voor deze installatie doet een andere toepassing dat.",
    deny: {
      title: "U bent op zoveel apparaten aangemeld als mag",
      text: "Meld u eerst op een ervan af. Een apparaat dat niet meer gebruikt wordt, maakt na een tijd vanzelf plaats.",
    },
  },
  picker: {
    title: "Kies welke apparaten worden afgemeld",
    text: "U bent op zoveel apparaten aangemeld als mag. Kies welke ervan worden afgemeld om u hier aan te melden.",
    stillTooMany: "Dat was niet genoeg, of er kwam een apparaat tussen. Kies opnieuw.",
    choose: "Kies minstens één apparaat.",
    legend: "Uw apparaten",
    end: (n) =>
      plural(n, {
        one: "Het gekozen apparaat afmelden en aanmelden",
        other: "De gekozen apparaten afmelden en aanmelden",
      }),
    takeOver: "Het langst ongebruikte afmelden en aanmelden",
  },
  devices: {
    title: "Mijn apparaten",
    text: "Waar u op dit moment bent aangemeld.",
    current: "Dit apparaat",
    address: "Adres",
    signedIn: "Aangemeld",
    lastSeen: "Laatst actief",
    expires: "Eindigt vanzelf",
    noAddress: "Onbekend",
    end: "Deze sessie beëindigen",
    endNamed: (device) => `Deze sessie beëindigen: ${device}`,
    endOthers: "Alle andere sessies beëindigen",
    confirmOne: (device) => `De sessie van ${device} beëindigen?`,
    confirmOneText: "Dat apparaat wordt meteen afgemeld.",
    confirmOthers: (n) =>
      plural(n, { one: "De andere sessie beëindigen?", other: "De # sessies elders beëindigen?" }),
    confirmOthersText: "U blijft alleen op dit apparaat aangemeld.",
    ended: (device) => `De sessie van ${device} is beëindigd.`,
    endedOthers: (n) => `${sessions(n)} elders beëindigd.`,
    empty: "Er zijn geen sessies.",
  },
  reauthenticate: {
    title: "Vul uw wachtwoord opnieuw in",
    text: "U hebt zich een tijd geleden aangemeld. Toon dat u het nog bent om sessies op andere apparaten te beëindigen.",
    submit: "Bevestigen",
    elsewhere: "Meld u opnieuw aan en herhaal dit dan.",
  },
  ...ownPage,
  ...usersPage,
  ...jobsPage,
  ended: {
    title: "U bent op dit apparaat afgemeld",
    session_displaced: (device, time) =>
      `U hebt zich ${time === "" ? "" : `om ${time} `}aangemeld op ${device === "" ? "een ander apparaat" : device}; daarom is dit apparaat afgemeld.`,
    session_revoked: (time) =>
      `Een beheerder heeft deze sessie ${time === "" ? "" : `om ${time} `}beëindigd.`,
    session_logged_out: (time) =>
      `U hebt zich ${time === "" ? "" : `om ${time} `}afgemeld; daarmee is ook dit apparaat afgemeld.`,
    session_expired: (time) =>
      `De tijd van deze sessie was ${time === "" ? "" : `om ${time} `}voorbij; daarom is dit apparaat afgemeld.`,
    session_unknown: "Deze sessie bestaat niet meer; daarom is dit apparaat afgemeld.",
    no_session:
      "Deze browser is afgemeld: u hebt zich in een ander tabblad afgemeld, of de tijd van de sessie was voorbij.",
    notYou: {
      title: "Was u dat niet?",
      displaced:
        "Dan kan iemand anders zich als u aanmelden. Meld u opnieuw aan, wat het andere apparaat afmeldt, en laat meteen uw wachtwoord wijzigen.",
      other:
        "Dan kan iemand anders zich als u aanmelden. Meld u opnieuw aan en laat meteen uw wachtwoord wijzigen.",
      revoked:
        "U kunt zich opnieuw aanmelden, tenzij uw gebruiker is uitgeschakeld. Vraag uw beheerder naar de reden.",
    },
    which: (device, time) => `Het was de sessie van ${device} (aangemeld: ${time}).`,
    keep: "Wat u hebt getypt, staat nog op de pagina.",
    signIn: "Opnieuw aanmelden",
    stay: "Op de pagina blijven",
  },
};
