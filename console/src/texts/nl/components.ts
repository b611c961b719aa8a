/** Cloudscape has no Dutch: the texts of the components that the console uses. */
export const components = {
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
  "split-panel": {
    "i18nStrings.closeButtonAriaLabel": "Paneel sluiten",
    "i18nStrings.openButtonAriaLabel": "Paneel openen",
    "i18nStrings.resizeHandleAriaLabel": "Grootte van het paneel wijzigen",
    "i18nStrings.resizeHandleTooltipText": "Sleep of kies om de grootte te wijzigen",
  },
  "top-navigation": {
    "i18nStrings.overflowMenuTriggerText": "Meer",
    "i18nStrings.overflowMenuDismissIconAriaLabel": "Menu sluiten",
    "i18nStrings.overflowMenuBackIconAriaLabel": "Terug",
    "i18nStrings.overflowMenuTitleText": "Alles",
  },
};
