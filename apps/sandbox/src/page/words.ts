import type { Behaviour } from '../payer/card.ts';

export type Language = 'fr' | 'en';
type Words = Readonly<Record<string, { fr: string; en: string }>>;

export const words = {
  banner: { fr: 'Bac à sable : aucun argent ne bouge.', en: 'Sandbox: no money moves.' },
  skip: { fr: 'Aller au contenu', en: 'Skip to content' },
  language: { fr: 'English', en: 'Français' },
  // Checkout
  checkoutTitle: { fr: 'Paiement', en: 'Payment' },
  summary: { fr: 'Votre commande', en: 'Your order' },
  plan: { fr: 'Offre', en: 'Plan' },
  addOn: { fr: 'Option', en: 'Add-on' },
  quantity: { fr: 'Quantité', en: 'Quantity' },
  subtotal: { fr: 'Total hors taxe', en: 'Total before tax' },
  discount: { fr: 'Remise {code} ({percent} %)', en: 'Discount {code} ({percent}%)' },
  credit: { fr: 'Avoir', en: 'Credit' },
  taxFrench: { fr: 'TVA 20 %', en: 'VAT 20%' },
  taxReverse: { fr: 'TVA : autoliquidation', en: 'VAT: reverse charge' },
  taxOutside: { fr: 'TVA : non applicable', en: 'VAT: not applicable' },
  total: { fr: 'À payer maintenant', en: 'Due now' },
  thenMonth: {
    fr: 'Puis {amount} chaque mois, sans engagement.',
    en: 'Then {amount} every month, no commitment.',
  },
  thenYear: { fr: 'Puis {amount} chaque année.', en: 'Then {amount} every year.' },
  trial: {
    fr: '{days} jours d’essai, puis {amount} le {date}.',
    en: '{days}-day trial, then {amount} on {date}.',
  },
  perMonth: { fr: 'par mois', en: 'per month' },
  perYear: { fr: 'par an', en: 'per year' },
  coupon: { fr: 'Code de réduction', en: 'Discount code' },
  apply: { fr: 'Appliquer', en: 'Apply' },
  couponUnknown: {
    fr: 'Le code « {code} » n’existe pas. Vérifiez-le, ou continuez sans code.',
    en: 'The code “{code}” does not exist. Check it, or continue without a code.',
  },
  couponRemoved: { fr: 'Le code de réduction est retiré.', en: 'The discount code has been removed.' },
  validUntil: {
    fr: 'Votre commande est réservée jusqu’au {date} (heure de Paris).',
    en: 'Your order is held until {date} (Paris time).',
  },
  billing: { fr: 'Facturation', en: 'Billing' },
  company: { fr: 'Organisation', en: 'Organisation' },
  country: { fr: 'Pays', en: 'Country' },
  siren: { fr: 'SIREN (facultatif)', en: 'SIREN (optional)' },
  sirenHint: {
    fr: 'Neuf chiffres, pour une organisation française.',
    en: 'Nine digits, for a French organisation.',
  },
  vat: { fr: 'Numéro de TVA (facultatif)', en: 'VAT number (optional)' },
  vatHint: {
    fr: 'Dans l’Union européenne hors de France, un numéro valable exonère de la TVA française.',
    en: 'In the European Union outside France, a valid number exempts you from French VAT.',
  },
  updateTax: { fr: 'Recalculer la TVA', en: 'Recalculate VAT' },
  cardTitle: { fr: 'Carte bancaire', en: 'Card' },
  cardOptional: {
    fr: 'Facultatif pendant l’essai : sans carte, la plateforme est suspendue à la fin de l’essai.',
    en: 'Optional during the trial: without a card, the platform is suspended when the trial ends.',
  },
  number: { fr: 'Numéro de carte', en: 'Card number' },
  expiry: { fr: 'Expiration (MM/AA)', en: 'Expiry (MM/YY)' },
  cvc: { fr: 'Cryptogramme', en: 'Security code' },
  testCards: { fr: 'Cartes de test', en: 'Test cards' },
  use: { fr: 'Utiliser', en: 'Use' },
  useCard: { fr: 'Utiliser la carte qui finit par {last4}', en: 'Use the card ending in {last4}' },
  pay: { fr: 'Payer {amount}', en: 'Pay {amount}' },
  startTrial: { fr: 'Commencer l’essai', en: 'Start the trial' },
  abandon: { fr: 'Abandonner et revenir', en: 'Give up and go back' },
  problem: { fr: 'À corriger', en: 'To correct' },
  moved: {
    fr: 'Le montant a changé : {amount}. Vérifiez-le, puis payez.',
    en: 'The amount has changed: {amount}. Check it, then pay.',
  },
  expiredTitle: { fr: 'Ce paiement a expiré', en: 'This payment has expired' },
  expiredText: {
    fr: 'Le délai est passé et rien n’a été débité. Recommencez depuis votre espace.',
    en: 'The time is up and nothing was charged. Start again from your account.',
  },
  back: { fr: 'Revenir', en: 'Go back' },
  // Faults
  'number.missing': { fr: 'Saisissez un numéro de carte.', en: 'Enter a card number.' },
  'number.wrong': {
    fr: 'Ce numéro n’est pas celui d’une carte de test. Choisissez-en une ci-dessous.',
    en: 'This is not the number of a test card. Choose one below.',
  },
  'number.real': {
    fr: 'Ce numéro semble être celui d’une vraie carte : il a été refusé et n’est conservé nulle part. Choisissez une carte de test.',
    en: 'This looks like a real card’s number: it was refused and is kept nowhere. Choose a test card.',
  },
  'expiry.missing': { fr: 'Saisissez la date d’expiration.', en: 'Enter the expiry date.' },
  'expiry.wrong': {
    fr: 'Écrivez la date sous la forme MM/AA, par exemple 12/30.',
    en: 'Write the date as MM/YY, for example 12/30.',
  },
  'expiry.past': {
    fr: 'Cette carte a expiré. Choisissez une date à venir.',
    en: 'This card has expired. Choose a date to come.',
  },
  'cvc.missing': { fr: 'Saisissez le cryptogramme.', en: 'Enter the security code.' },
  'cvc.wrong': {
    fr: 'Le cryptogramme compte trois ou quatre chiffres.',
    en: 'The security code has three or four digits.',
  },
  'company.missing': { fr: 'Saisissez le nom de l’organisation.', en: 'Enter the organisation’s name.' },
  'country.wrong': { fr: 'Choisissez un pays de la liste.', en: 'Choose a country from the list.' },
  'siren.wrong': {
    fr: 'Ce SIREN n’est pas valable : ses neuf chiffres ne concordent pas. Vérifiez-le ou laissez le champ vide.',
    en: 'This SIREN is not valid: its nine digits do not agree. Check it or leave the field empty.',
  },
  'vat.wrong': {
    fr: 'Ce numéro de TVA n’est pas valable pour le pays choisi. Vérifiez-le ou laissez le champ vide.',
    en: 'This VAT number is not valid for the chosen country. Check it or leave the field empty.',
  },
  // Declines
  card_declined: {
    fr: 'La banque a refusé la carte. Rien n’a été débité : essayez une autre carte.',
    en: 'The bank declined the card. Nothing was charged: try another card.',
  },
  insufficient_funds: {
    fr: 'La provision de la carte est insuffisante. Rien n’a été débité : essayez une autre carte.',
    en: 'The card has insufficient funds. Nothing was charged: try another card.',
  },
  expired_card: {
    fr: 'La banque indique que la carte a expiré. Rien n’a été débité : essayez une autre carte.',
    en: 'The bank says the card has expired. Nothing was charged: try another card.',
  },
  authentication_failed: {
    fr: 'L’authentification a échoué. Rien n’a été débité : recommencez ou essayez une autre carte.',
    en: 'Authentication failed. Nothing was charged: try again or use another card.',
  },
  authentication_required: {
    fr: 'La demande d’authentification n’est plus valable. Rien n’a été débité : recommencez.',
    en: 'The authentication request is no longer valid. Nothing was charged: start again.',
  },
  amount_moved: {
    fr: 'Le montant a changé entre-temps. Vérifiez-le, puis payez.',
    en: 'The amount has changed in the meantime. Check it, then pay.',
  },
  no_card: { fr: 'Saisissez une carte.', en: 'Enter a card.' },
  // 3-D Secure
  challengeTitle: { fr: 'Confirmez votre paiement', en: 'Confirm your payment' },
  challengeText: {
    fr: 'La Banque de Test demande votre accord pour un paiement de {amount} avec la carte qui finit par {last4}.',
    en: 'The Test Bank asks for your consent to a payment of {amount} with the card ending in {last4}.',
  },
  confirm: { fr: 'Confirmer', en: 'Confirm' },
  refuse: { fr: 'Refuser', en: 'Refuse' },
  // Portal
  portalTitle: { fr: 'Abonnement et factures', en: 'Subscription and invoices' },
  portalGone: { fr: 'Ce lien n’est plus valable', en: 'This link is no longer valid' },
  portalGoneText: {
    fr: 'Ouvrez à nouveau la gestion du paiement depuis votre espace.',
    en: 'Open payment management again from your account.',
  },
  currentCard: {
    fr: 'Carte qui finit par {last4}, expire le {expiry}.',
    en: 'Card ending in {last4}, expires {expiry}.',
  },
  noCard: { fr: 'Aucune carte n’est enregistrée.', en: 'No card is on file.' },
  changeCard: { fr: 'Changer de carte', en: 'Change card' },
  saveCard: { fr: 'Enregistrer la carte', en: 'Save the card' },
  cardSaved: {
    fr: 'La carte est enregistrée. Les factures en attente ont été présentées.',
    en: 'The card is saved. Open invoices have been presented.',
  },
  subscriptions: { fr: 'Abonnements', en: 'Subscriptions' },
  renews: { fr: 'Se renouvelle le {date}', en: 'Renews on {date}' },
  ends: { fr: 'Se termine le {date}', en: 'Ends on {date}' },
  ended: { fr: 'Terminé le {date}', en: 'Ended on {date}' },
  cancel: { fr: 'Résilier à l’échéance', en: 'Cancel at period end' },
  uncancel: { fr: 'Poursuivre l’abonnement', en: 'Keep the subscription' },
  cancelled: { fr: 'La résiliation est enregistrée.', en: 'The cancellation is recorded.' },
  uncancelled: { fr: 'L’abonnement se poursuit.', en: 'The subscription continues.' },
  invoices: { fr: 'Factures', en: 'Invoices' },
  noInvoices: {
    fr: 'Aucune facture pour le moment. La première paraîtra ici après un paiement.',
    en: 'No invoices yet. The first will appear here after a payment.',
  },
  noSubscriptions: { fr: 'Aucun abonnement pour le moment.', en: 'No subscriptions yet.' },
  invoiceNumber: { fr: 'Numéro', en: 'Number' },
  date: { fr: 'Date', en: 'Date' },
  amount: { fr: 'Montant', en: 'Amount' },
  state: { fr: 'État', en: 'State' },
  returnTo: { fr: 'Revenir à Préau', en: 'Return to Préau' },
  // States
  trialing: { fr: 'En essai', en: 'Trial' },
  active: { fr: 'Actif', en: 'Active' },
  past_due: { fr: 'Paiement en retard', en: 'Past due' },
  unpaid: { fr: 'Impayé', en: 'Unpaid' },
  paused: { fr: 'En pause', en: 'Paused' },
  canceled: { fr: 'Résilié', en: 'Cancelled' },
  open: { fr: 'À payer', en: 'Open' },
  paid: { fr: 'Payée', en: 'Paid' },
  void: { fr: 'Annulée', en: 'Void' },
  uncollectible: { fr: 'Irrécouvrable', en: 'Uncollectible' },
  refunded: { fr: 'Remboursée', en: 'Refunded' },
  partlyRefunded: { fr: 'Remboursée en partie', en: 'Partly refunded' },
  // Invoice
  invoiceTitle: { fr: 'Facture {number}', en: 'Invoice {number}' },
  notReal: {
    fr: 'Document de démonstration, sans valeur comptable.',
    en: 'Demonstration document, without accounting value.',
  },
  seller: { fr: 'Vendeur', en: 'Seller' },
  buyer: { fr: 'Client', en: 'Customer' },
  issued: { fr: 'Émise le', en: 'Issued' },
  due: { fr: 'Échéance', en: 'Due' },
  description: { fr: 'Désignation', en: 'Description' },
  unitPrice: { fr: 'Prix unitaire HT', en: 'Unit price before tax' },
  lineTotal: { fr: 'Montant HT', en: 'Amount before tax' },
  totalWithTax: { fr: 'Total TTC', en: 'Total including tax' },
  totalRefunded: { fr: 'Remboursé', en: 'Refunded' },
  reverseMention: {
    fr: 'Autoliquidation : TVA due par le preneur, article 196 de la directive 2006/112/CE.',
    en: 'Reverse charge: VAT due from the customer, article 196 of directive 2006/112/EC.',
  },
  outsideMention: {
    fr: 'Prestation située hors de l’Union européenne : TVA non applicable, article 44 de la directive 2006/112/CE.',
    en: 'Service located outside the European Union: VAT not applicable, article 44 of directive 2006/112/EC.',
  },
  // Panel
  panelTitle: { fr: 'Tableau du bac à sable', en: 'Sandbox panel' },
  panelText: {
    fr: 'Avancez l’horloge, perturbez les notifications, remboursez : le reste du système doit suivre.',
    en: 'Advance the clock, disturb the webhooks, refund: the rest of the system must follow.',
  },
  clock: { fr: 'Horloge', en: 'Clock' },
  clockNow: { fr: 'Pour le bac à sable, nous sommes le {date}.', en: 'For the sandbox it is {date}.' },
  advance: { fr: 'Avancer de', en: 'Advance by' },
  day: { fr: '1 jour', en: '1 day' },
  week: { fr: '7 jours', en: '7 days' },
  month: { fr: '31 jours', en: '31 days' },
  year: { fr: '366 jours', en: '366 days' },
  advanced: {
    fr: 'L’horloge a avancé ; tout ce qui arrivait à échéance est fait.',
    en: 'The clock has moved; everything that fell due is done.',
  },
  webhooks: { fr: 'Notifications (webhooks)', en: 'Webhooks' },
  duplicate: { fr: 'Envoyer chacune trois fois', en: 'Send each three times' },
  reorder: { fr: 'Envoyer dans le désordre', en: 'Send out of order' },
  delaySeconds: { fr: 'Retarder de (secondes)', en: 'Delay by (seconds)' },
  dropPercent: { fr: 'En perdre (%)', en: 'Drop (%)' },
  saveSwitches: { fr: 'Enregistrer', en: 'Save' },
  switchesSaved: {
    fr: 'Réglages enregistrés ; ils valent pour les prochaines notifications.',
    en: 'Settings saved; they apply to the next webhooks.',
  },
  switchesWrong: {
    fr: 'Le retard va de 0 à 3600 secondes, la perte de 0 à 100 %.',
    en: 'The delay goes from 0 to 3600 seconds, the loss from 0 to 100%.',
  },
  customer: { fr: 'Client', en: 'Customer' },
  actions: { fr: 'Actions', en: 'Actions' },
  refundLast: { fr: 'Rembourser la dernière facture', en: 'Refund the last invoice' },
  disputeOpen: { fr: 'Ouvrir un litige', en: 'Open a dispute' },
  disputeWon: { fr: 'Litige gagné', en: 'Dispute won' },
  disputeLost: { fr: 'Litige perdu', en: 'Dispute lost' },
  cancelNow: { fr: 'Résilier maintenant', en: 'Cancel now' },
  done: { fr: 'C’est fait.', en: 'Done.' },
  refusedAction: { fr: 'L’état actuel ne le permet pas.', en: 'The current state does not allow it.' },
  events: { fr: 'Derniers événements', en: 'Latest events' },
  noEvents: {
    fr: 'Aucun événement pour le moment. Payez une première commande pour en voir.',
    en: 'No events yet. Pay a first order to see some.',
  },
  event: { fr: 'Événement', en: 'Event' },
  deliveries: { fr: 'Envois', en: 'Deliveries' },
  waiting: { fr: 'en attente', en: 'waiting' },
  delivered: { fr: 'reçu', en: 'delivered' },
  dropped: { fr: 'perdu', en: 'dropped' },
  'given-up': { fr: 'abandonné', en: 'given up' },
  resend: { fr: 'Renvoyer', en: 'Send again' },
  dispute: { fr: 'Litige', en: 'Dispute' },
  'dispute.none': { fr: 'aucun', en: 'none' },
  'dispute.open': { fr: 'ouvert', en: 'open' },
  'dispute.won': { fr: 'gagné', en: 'won' },
  'dispute.lost': { fr: 'perdu', en: 'lost' },
  key: { fr: 'Clé de l’API', en: 'API key' },
  keyText: {
    fr: 'Ce tableau demande la clé de l’API du bac à sable.',
    en: 'This panel asks for the sandbox’s API key.',
  },
  keyWrong: {
    fr: 'Cette clé n’est pas la bonne. Copiez-la depuis la configuration.',
    en: 'This key is not the right one. Copy it from the configuration.',
  },
  enter: { fr: 'Entrer', en: 'Enter' },
  // Elsewhere
  notFoundTitle: { fr: 'Cette page n’existe pas', en: 'This page does not exist' },
  notFoundText: {
    fr: 'Vérifiez l’adresse, ou recommencez depuis votre espace.',
    en: 'Check the address, or start again from your account.',
  },
  refusedTitle: { fr: 'La demande est refusée', en: 'The request is refused' },
  refusedText: { fr: 'Rechargez la page et recommencez.', en: 'Reload the page and try again.' },
  brokenTitle: { fr: 'Une erreur s’est produite chez nous', en: 'Something went wrong on our side' },
  brokenText: {
    fr: 'Rien n’a été débité. Réessayez dans un instant.',
    en: 'Nothing was charged. Try again in a moment.',
  },
} as const satisfies Words;
export type Word = keyof typeof words;

export const cardWords: Readonly<Record<Behaviour, { fr: string; en: string }>> = {
  succeeds: { fr: 'Le paiement réussit', en: 'Payment succeeds' },
  challenge: { fr: 'Demande une authentification 3-D Secure', en: 'Asks for 3-D Secure authentication' },
  'fails-at-renewal': { fr: 'Réussit, puis échoue au renouvellement', en: 'Succeeds, then fails at renewal' },
  declined: { fr: 'Refusée par la banque', en: 'Declined by the bank' },
  'insufficient-funds': { fr: 'Provision insuffisante', en: 'Insufficient funds' },
  'expired-card': { fr: 'Carte expirée', en: 'Expired card' },
};

/** A phrase in a language, its `{names}` filled in. */
export function say(word: Word, language: Language, values: Record<string, string | number> = {}): string {
  return words[word][language].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

export const isWord = (text: string): text is Word => Object.hasOwn(words, text);
