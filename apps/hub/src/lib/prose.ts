/** A page that is read: legal texts, the security page, the questions. */
export type Prose = {
  title: string;
  description: string;
  lead: string;
  /** When the text last changed in substance (RFC 3339 date). */
  updated?: string;
  sections: { id: string; title: string; paragraphs: string[]; list?: string[] }[];
};
