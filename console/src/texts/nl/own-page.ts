import type { Texts } from "../en.ts";

/** What one's own page says in Dutch of what happened, and of what was somebody else's doing. */
export const ownPage: Pick<Texts, "notMe" | "recent"> = {
  notMe: {
    action: "Dat was ik niet",
    named: (device) => `Dat was ik niet: ${device}`,
    confirm: (device) => `Was u het niet die zich op ${device} aanmeldde?`,
    confirmText: "De sessie wordt meteen beëindigd, en u leest wat u dan kunt doen.",
    title: "Wat u nu kunt doen",
    text: "Als de sessie nog actief was, is ze beëindigd. Maar wie zich als u aanmeldde, kent misschien uw wachtwoord.",
    changePassword: "Wijzig uw wachtwoord op de pagina van uw account.",
    askForPassword: "Laat meteen uw wachtwoord wijzigen.",
    lookThrough: "Bekijk uw apparaten op deze pagina. Beëindig de andere sessies die u niet herkent.",
    tell: "Vertel het uw beheerder, die meer kan zien van wat er gebeurde.",
    toAccount: "Naar mijn account",
  },
  recent: {
    title: "Recente activiteit",
    text: "Was u dat? Uw aanmeldingen en het einde van uw sessies in de laatste 90 dagen.",
    empty: "In de laatste 90 dagen is er niets gebeurd.",
    what: "Wat er gebeurde",
    when: "Wanneer",
    device: "Apparaat",
    wasIt: "Was u dat?",
    kinds: { started: "Aangemeld", denied: "Aanmelding geweigerd: op zoveel apparaten als mag" },
    reasons: {
      displaced: (device) =>
        `Afgemeld door de aanmelding op ${device === "" ? "een ander apparaat" : device}`,
      logged_out: "Afgemeld",
      revoked: "Beëindigd door een beheerder",
      expired: "Verlopen",
      unknown: "Beëindigd",
    },
  },
};
