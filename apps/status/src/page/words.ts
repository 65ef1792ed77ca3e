import type { Component, ComponentName } from '../history.ts';

export type Language = 'fr' | 'en';

interface Words {
  title: string;
  skip: string;
  otherLanguage: string;
  home: string;
  overall: Record<Component['state'], string>;
  state: Record<Component['state'], string>;
  component: Record<ComponentName, { name: string; text: string }>;
  checked: (at: string) => string;
  never: string;
  days: string;
  ago: string;
  today: string;
  share: (percent: string) => string;
  unmeasured: string;
  day: (day: string, percent: string | undefined) => string;
  outages: string;
  noOutages: string;
  outage: (component: string) => string;
  lasted: (minutes: number) => string;
  going: string;
  feed: string;
  machine: string;
  how: string;
}

export const words: Record<Language, Words> = {
  fr: {
    title: 'État des services',
    skip: 'Aller au contenu',
    otherLanguage: 'English',
    home: 'Préau',
    overall: {
      good: 'Tout fonctionne',
      slow: 'Des pages sont plus lentes que d’habitude',
      bad: 'Une partie du service ne répond pas',
      unknown: 'Premières mesures en cours',
    },
    state: { good: 'En ligne', slow: 'Lent', bad: 'Injoignable', unknown: 'En attente' },
    component: {
      site: { name: 'Site et espace client', text: 'Découvrir, s’abonner, gérer sa plateforme.' },
      api: { name: 'API', text: 'Ce dont se servent les plateformes et vos intégrations.' },
      platforms: { name: 'Plateformes', text: 'La page de connexion d’une plateforme témoin.' },
    },
    checked: (at) => `Vérifié le ${at}.`,
    never: 'Pas encore vérifié.',
    days: '90 derniers jours',
    ago: 'Il y a 90 jours',
    today: 'Aujourd’hui',
    share: (percent) => `${percent} disponible`,
    unmeasured: 'pas de mesure',
    day: (day, percent) => `${day}\u202f: ${percent ?? 'pas de mesure'}`,
    outages: 'Interruptions',
    noOutages: 'Aucune interruption en 90 jours.',
    outage: (component) => `${component} injoignable`,
    lasted: (minutes) => (minutes < 2 ? 'environ une minute' : `${minutes} minutes`),
    going: 'en cours',
    feed: 'Suivre par flux Atom',
    machine: 'Pour vos outils (JSON)',
    how: 'Ces pages sont demandées toutes les 30 secondes, comme le ferait un visiteur, par un programme qui ne dépend pas des autres. Deux échecs de suite comptent comme une interruption. Heures de Paris, jours en temps universel.',
  },
  en: {
    title: 'State of our services',
    skip: 'Skip to the content',
    otherLanguage: 'Français',
    home: 'Préau',
    overall: {
      good: 'Everything works',
      slow: 'Some pages are slower than usual',
      bad: 'A part of the service does not answer',
      unknown: 'First measurements under way',
    },
    state: { good: 'Online', slow: 'Slow', bad: 'Unreachable', unknown: 'Waiting' },
    component: {
      site: { name: 'Site and customer area', text: 'Discover, subscribe, manage a platform.' },
      api: { name: 'API', text: 'What platforms and your integrations use.' },
      platforms: { name: 'Platforms', text: 'The sign-in page of a sample platform.' },
    },
    checked: (at) => `Checked on ${at}.`,
    never: 'Not checked yet.',
    days: 'Last 90 days',
    ago: '90 days ago',
    today: 'Today',
    share: (percent) => `${percent} available`,
    unmeasured: 'not measured',
    day: (day, percent) => `${day}: ${percent ?? 'not measured'}`,
    outages: 'Interruptions',
    noOutages: 'No interruption in 90 days.',
    outage: (component) => `${component} unreachable`,
    lasted: (minutes) => (minutes < 2 ? 'about a minute' : `${minutes} minutes`),
    going: 'under way',
    feed: 'Follow by Atom feed',
    machine: 'For your tools (JSON)',
    how: 'These pages are asked for every 30 seconds, as a visitor would, by a program that does not depend on the others. Two failures in a row count as an interruption. Times of Paris, days in universal time.',
  },
};
