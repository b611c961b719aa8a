import type { Texts } from "./en.ts";
import { pluralOf } from "./plural.ts";

const plural = pluralOf("nl");
const number = (n: number): string => n.toLocaleString("nl");
const users = (n: number): string => plural(n, { one: "# gebruiker", other: "# gebruikers" });
const sessions = (n: number): string => plural(n, { one: "# sessie", other: "# sessies" });

/** Cloudscape has no Dutch: the texts of the components that the console uses. */
const components = {
  alert: {
    "i18nStrings.successIconAriaLabel": "Gelukt",
    "i18nStrings.errorIconAriaLabel": "Fout",
    "i18nStrings.warningIconAriaLabel": "Waarschuwing",
    "i18nStrings.infoIconAriaLabel": "Informatie",
    "i18nStrings.dismissAriaLabel": "Melding sluiten",
    dismissAriaLabel: "Melding sluiten",
  },
  "app-layout": {
    "ariaLabels.navigation": "Zijnavigatie",
    "ariaLabels.navigationClose": "Zijnavigatie sluiten",
    "ariaLabels.navigationToggle": "Zijnavigatie openen",
    "ariaLabels.notifications": "Meldingen",
  },
  flashbar: {
    "i18nStrings.ariaLabel": "Meldingen",
    "i18nStrings.errorIconAriaLabel": "Fout",
    "i18nStrings.inProgressIconAriaLabel": "Bezig",
    "i18nStrings.infoIconAriaLabel": "Informatie",
    "i18nStrings.notificationBarAriaLabel": "Alle meldingen",
    "i18nStrings.notificationBarText": "Meldingen",
    "i18nStrings.successIconAriaLabel": "Gelukt",
    "i18nStrings.warningIconAriaLabel": "Waarschuwing",
  },
  "form-field": {
    "i18nStrings.errorIconAriaLabel": "Fout",
    "i18nStrings.warningIconAriaLabel": "Waarschuwing",
  },
  form: { errorIconAriaLabel: "Fout" },
  input: { clearAriaLabel: "Wissen" },
  modal: { closeAriaLabel: "Venster sluiten" },
  pagination: {
    "ariaLabels.nextPageLabel": "Volgende pagina",
    "ariaLabels.pageLabel": "Pagina {pageNumber} van alle pagina's",
    "ariaLabels.previousPageLabel": "Vorige pagina",
  },
  "top-navigation": {
    "i18nStrings.overflowMenuTriggerText": "Meer",
    "i18nStrings.overflowMenuDismissIconAriaLabel": "Menu sluiten",
    "i18nStrings.overflowMenuBackIconAriaLabel": "Terug",
    "i18nStrings.overflowMenuTitleText": "Alles",
  },
};

/** All that the console says in Dutch. */
export const nl: Texts = {
  cloudscape: { "cloudscape-design-components": { nl: components } },
  product: "Sessies",
  close: "Sluiten",
  cancel: "Annuleren",
  retry: "Opnieuw proberen",
  refresh: "Vernieuwen",
  loading: "Laden",
  header: {
    language: "Taal",
    theme: "Thema",
    themes: { system: "Zoals het systeem", light: "Licht", dark: "Donker" },
    signedInAs: (user) => `Aangemeld als ${user}`,
    logOut: "Afmelden",
    administrator: "Beheerder",
  },
  navigation: { title: "Navigatie", devices: "Mijn apparaten", users: "Gebruikers en sessies" },
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
  users: {
    title: "Gebruikers en sessies",
    text: "Wie er op dit moment is aangemeld.",
    find: "Zoeken op gebruikers-id",
    findHint: "Hoe de gebruikers-id begint, zoals ali of corp:mar; zonder de naam van de bron kan ook.",
    search: "Zoeken",
    clear: "Iedereen tonen",
    user: "Gebruiker",
    devices: "Apparaten",
    sessions: "Sessies",
    signedIn: "Aangemeld",
    lastSeen: "Laatst actief",
    administrator: "Beheerder",
    empty: "Er is niemand aangemeld.",
    emptyFound: (text) => `Er is geen gebruiker aangemeld van wie de id begint met ${text}.`,
    emptySoFar: (text) => `Er is nog geen gebruiker gevonden van wie de id begint met ${text}.`,
    openUser: (id) => `De pagina van ${id} openen`,
    searched: (n) =>
      plural(n, {
        one: "Gezocht in # aangemelde gebruiker. Een hele gebruikers-id wordt altijd gevonden.",
        other: "Gezocht in # aangemelde gebruikers. Een hele gebruikers-id wordt altijd gevonden.",
      }),
    searching: (n) =>
      plural(n, { one: "Tot nu toe # gebruiker doorzocht", other: "Tot nu toe # gebruikers doorzocht" }),
    searchAll: "Iedereen doorzoeken",
    selected: (n) => `${users(n)} gekozen`,
    selectedOf: (selected, all) => `(${number(selected)}/${all})`,
    selectAll: "Iedereen kiezen die is aangemeld",
    selectAllFound: "Iedereen kiezen die is gevonden",
    selecting: (n) => `Tot nu toe ${users(n)} gekozen`,
    stop: "Stoppen",
    unselect: "Keuze wissen",
    selectUser: (id) => `${id} kiezen`,
    selectPage: "Alle gebruikers van deze pagina kiezen",
    selection: "Keuze",
    actions: "Acties",
    logOut: (n) =>
      plural(n, {
        one: "De gebruiker op alle sessies afmelden",
        other: "# gebruikers op alle sessies afmelden",
      }),
    logOutAdmins: (n) =>
      plural(n, {
        one: "De (beheerder-)gebruiker op alle sessies afmelden",
        other: "# (beheerder-)gebruikers op alle sessies afmelden",
      }),
    needsAll: "Hiervoor is het recht single_session.logout_all nodig.",
    pages: "Pagina's",
    noPermission: "Voor deze pagina is het recht single_session.logout of single_session.logout_all nodig.",
  },
  logout: {
    confirm: (n, m) => `Dit beëindigt ${sessions(m)} van ${users(n)}.`,
    atLeast: "Wie zich zojuist elders heeft aangemeld, kan er meer hebben; ze eindigen allemaal.",
    skips: (n) =>
      plural(n, {
        one: "# van de gekozen gebruikers is beheerder en wordt overgeslagen.",
        other: "# van de gekozen gebruikers zijn beheerder en worden overgeslagen.",
      }),
    includes: (n) => plural(n, { one: "# van hen is beheerder.", other: "# van hen zijn beheerder." }),
    yourself: "U hoort er zelf bij: u wordt ook afgemeld.",
    submit: "Afmelden",
    progress: "Bezig met afmelden",
    progressOf: (done, all) => `${number(done)} van ${users(all)}`,
    stop: "Stoppen",
    loggedOut: (n, m) => `${users(n)} afgemeld, ${sessions(m)} beëindigd`,
    skipped: (n) => `${users(n)} overgeslagen`,
    skippedWhy: { administrator: "beheerder" },
    notDone: (n) => `Niet afgemeld: ${users(n)}`,
    notDoneStopped: "U hebt het gestopt.",
    notDoneTime: "Er was te vaak te weinig tijd. Probeer het opnieuw.",
    sessionCount: sessions,
    again: (n) => plural(n, { one: "Deze ene opnieuw proberen", other: "Deze # opnieuw proberen" }),
    download: "Als CSV downloaden",
    pages: (title) => `Pagina's van: ${title}`,
  },
  detail: {
    sessions: "Actieve sessies",
    endings: "Recent beëindigd",
    noSessions: "De gebruiker is niet aangemeld.",
    noEndings: "Van deze gebruiker is onlangs geen sessie beëindigd.",
    unknownTitle: "Van deze gebruiker is niets bekend",
    unknown:
      "De gebruiker is niet aangemeld en er is onlangs geen sessie van de gebruiker beëindigd. Misschien klopt de gebruikers-id niet.",
    toUsers: "Een andere gebruiker zoeken",
    endText: (user) => `${user} wordt op dat apparaat meteen afgemeld.`,
    endSelf: "Het is uw eigen sessie: u wordt hier afgemeld.",
    ended: (device) => `De sessie van ${device} is beëindigd.`,
    alreadyEnded: (device) => `De sessie van ${device} was al beëindigd.`,
    action: "Actie",
    device: "Apparaat",
    why: "Waarom",
    when: "Wanneer",
    by: "Door",
    more: "Eerdere tonen",
    moreSessions: "Meer tonen",
    reasons: {
      displaced: (device) => (device === "" ? "Elders aangemeld" : `Aangemeld op ${device}`),
      logged_out: "Afgemeld",
      revoked: "Beëindigd door een beheerder",
      revokedDirectly: "Beëindigd door een andere toepassing",
    },
    rules: {
      "rule:user-disabled": "De gebruiker is uitgeschakeld",
      "rule:password-changed": "Het wachtwoord is gewijzigd",
      "rule:permissions-changed": "De rechten zijn gewijzigd",
      "rule:user-removed": "De gebruiker is verwijderd",
    },
    otherRule: (name) => `Beëindigd door een regel (${name})`,
    byRule: "Automatisch",
    directly: "Een andere toepassing",
    endedDevice: "Afgemeld apparaat",
    themself: "De gebruiker",
  },
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
