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
  autosuggest: {
    enteredTextLabel: 'Gebruik: "{value}"',
    errorIconAriaLabel: "Fout",
    selectedAriaLabel: "Gekozen",
  },
  "collection-preferences": {
    title: "Voorkeuren",
    confirmLabel: "Bevestigen",
    cancelLabel: "Annuleren",
    "pageSizePreference.title": "Paginagrootte",
    "wrapLinesPreference.label": "Regels afbreken",
    "wrapLinesPreference.description": "Alle tekst tonen, over meer regels",
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
  "property-filter": {
    "i18nStrings.allPropertiesLabel": "Alle eigenschappen",
    "i18nStrings.applyActionText": "Toepassen",
    "i18nStrings.cancelActionText": "Annuleren",
    "i18nStrings.clearFiltersText": "Filters wissen",
    "i18nStrings.editTokenHeader": "Filter wijzigen",
    "i18nStrings.groupPropertiesText": "Eigenschappen",
    "i18nStrings.groupValuesText": "Waarden",
    "i18nStrings.operationAndText": "en",
    "i18nStrings.operationOrText": "of",
    "i18nStrings.operatorContainsText": "Bevat",
    "i18nStrings.operatorDoesNotContainText": "Bevat niet",
    "i18nStrings.operatorDoesNotEqualText": "Is niet gelijk aan",
    "i18nStrings.operatorEqualsText": "Is gelijk aan",
    "i18nStrings.operatorGreaterOrEqualText": "Is minstens",
    "i18nStrings.operatorGreaterText": "Is meer dan",
    "i18nStrings.operatorLessOrEqualText": "Is hoogstens",
    "i18nStrings.operatorLessText": "Is minder dan",
    "i18nStrings.operatorStartsWithText": "Begint met",
    "i18nStrings.operatorDoesNotStartWithText": "Begint niet met",
    "i18nStrings.operatorText": "Vergelijking",
    "i18nStrings.operatorsText": "Vergelijkingen",
    "i18nStrings.propertyText": "Eigenschap",
    "i18nStrings.removeTokenButtonAriaLabel": "Filter verwijderen: {token__formattedText}",
    "i18nStrings.tokenLimitShowFewer": "Minder tonen",
    "i18nStrings.tokenLimitShowMore": "Meer tonen",
    "i18nStrings.valueText": "Waarde",
    "i18nStrings.formatToken":
      "{token__operator, select, equals {{token__propertyLabel} is {token__value}} " +
      "not_equals {{token__propertyLabel} is niet {token__value}} " +
      "greater_than {{token__propertyLabel} is meer dan {token__value}} " +
      "greater_than_equal {{token__propertyLabel} is minstens {token__value}} " +
      "less_than {{token__propertyLabel} is minder dan {token__value}} " +
      "less_than_equal {{token__propertyLabel} is hoogstens {token__value}} " +
      "contains {{token__propertyLabel} bevat {token__value}} " +
      "not_contains {{token__propertyLabel} bevat niet {token__value}} " +
      "starts_with {{token__propertyLabel} begint met {token__value}} " +
      "not_starts_with {{token__propertyLabel} begint niet met {token__value}} other {}}",
  },
  "split-panel": {
    "i18nStrings.closeButtonAriaLabel": "Paneel sluiten",
    "i18nStrings.openButtonAriaLabel": "Paneel openen",
    "i18nStrings.resizeHandleAriaLabel": "Grootte van het paneel wijzigen",
    "i18nStrings.resizeHandleTooltipText": "Sleep of kies om de grootte te wijzigen",
  },
  table: {
    "ariaLabels.sortAscending": "oplopend",
    "ariaLabels.sortDescending": "aflopend",
    "ariaLabels.liveAnnouncementSortOrder": "Tabel gesorteerd op {columns}",
  },
  "top-navigation": {
    "i18nStrings.overflowMenuTriggerText": "Meer",
    "i18nStrings.overflowMenuDismissIconAriaLabel": "Menu sluiten",
    "i18nStrings.overflowMenuBackIconAriaLabel": "Terug",
    "i18nStrings.overflowMenuTitleText": "Alles",
  },
};
