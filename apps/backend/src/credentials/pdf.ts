import type { Locale } from '@preau/contract';
import { brandScale } from '@preau/design';
import QRCode from 'qrcode';
import { openDocument } from './document.ts';
import { type Face, runs } from './fonts.ts';
import { words } from './words.ts';

/** What a certificate shows. */
export interface Certificate {
  locale: Locale;
  holderName: string;
  courseTitle: string;
  durationMinutes: number;
  issuedAt: Date;
  code: string;
  /** Where anybody can check it, absolute. */
  verificationUrl: string;
  issuer: {
    name: string;
    /** `#rrggbb`. */
    colour: string;
    /** PNG or JPEG bytes. */
    logo: Buffer | null;
    wording: string;
    signatory: string;
  };
}

/** A4 landscape, in points. */
const WIDTH = 841.89;
const HEIGHT = 595.28;
const MARGIN = 64;
const FRIEZE_HEIGHT = 92;
const QR_SIZE = 76;
/** How far a text may be made smaller before it is cut short. */
const SMALLEST = 0.6;
const LOGO = { width: 180, height: 44 };

const PAPER = '#fcfaf6';
const INK = '#1b1f29';
const INK_SOFT = '#4c525f';

/** Draws a certificate: one A4 page, tagged for screen readers, with selectable text. */
export async function certificatePdf(certificate: Certificate): Promise<Buffer> {
  const { locale, issuer } = certificate;
  const say = words[locale];
  const tones = brandScale(issuer.colour).light;
  const { doc, end } = openDocument({
    size: [WIDTH, HEIGHT],
    margin: 0,
    lang: locale,
    info: {
      Title: `${say.title} – ${certificate.holderName} – ${certificate.courseTitle}`,
      Author: issuer.name,
      Creator: 'Préau',
      CreationDate: certificate.issuedAt,
    },
  });

  const page = new Sheet(doc);
  page.decoration(() => {
    doc.rect(0, 0, WIDTH, HEIGHT).fill(PAPER);
    drawFrieze(doc, tones.brandSoft, tones.brandLine);
    doc.rect(0, 0, WIDTH, 10).fill(tones.brand);
  });

  if (issuer.logo) {
    const logo = issuer.logo;
    page.figure(issuer.name, () => {
      const fit: [number, number] = [LOGO.width, LOGO.height];
      doc.image(logo, (WIDTH - LOGO.width) / 2, 46, { fit, align: 'center', valign: 'center' });
    });
  } else {
    page.line('P', issuer.name, { face: 'heading', size: 18, colour: tones.brandText, top: 58 });
  }
  page.line('P', say.heading, { face: 'strong', size: 11, colour: INK_SOFT, top: 122, spacing: 2.4 });
  page.line('H1', certificate.holderName, { face: 'heading', size: 40, colour: INK, top: 150 });
  page.decoration(() => doc.rect(WIDTH / 2 - 28, 212, 56, 3).fill('#e8aa4e'));
  page.line('P', say.completed, { face: 'text', size: 14, colour: INK_SOFT, top: 234 });
  page.lines('H2', certificate.courseTitle, {
    face: 'heading',
    size: 24,
    colour: tones.brandText,
    top: 260,
    max: 2,
  });
  const facts = [
    say.on(certificate.issuedAt),
    certificate.durationMinutes > 0 ? say.duration(certificate.durationMinutes) : '',
  ];
  page.line('P', facts.filter(Boolean).join('  ·  '), { face: 'text', size: 13, colour: INK, top: 334 });

  const foot = HEIGHT - FRIEZE_HEIGHT - QR_SIZE - 26;
  const column = { left: MARGIN, width: 380, align: 'left' as const };
  let top = foot;
  if (issuer.wording.trim() !== '') {
    top = page.lines('P', issuer.wording, {
      ...column,
      face: 'text',
      size: 11,
      colour: INK_SOFT,
      top,
      max: 3,
    });
  }
  if (issuer.signatory.trim() !== '') {
    page.line('P', issuer.signatory, { ...column, face: 'strong', size: 12, colour: INK, top: top + 6 });
    page.line('P', issuer.name, { ...column, face: 'text', size: 11, colour: INK_SOFT, top: top + 23 });
  }

  const qr = QRCode.create(certificate.verificationUrl, { errorCorrectionLevel: 'M' });
  const qrLeft = WIDTH - MARGIN - QR_SIZE;
  page.figure(say.qr(certificate.verificationUrl), () => drawQr(doc, qr.modules, qrLeft, foot));
  const beside = { left: qrLeft - 272, width: 260, align: 'right' as const };
  page.line('P', say.verify, { ...beside, face: 'text', size: 10, colour: INK_SOFT, top: foot + 8 });
  page.line('P', certificate.code, { ...beside, face: 'strong', size: 13, colour: INK, top: foot + 25 });
  page.line('P', certificate.verificationUrl, {
    ...beside,
    face: 'text',
    size: 9,
    colour: INK_SOFT,
    top: foot + 46,
    link: certificate.verificationUrl,
  });
  page.close();
  return end();
}

interface Style {
  face: Face;
  /** Points; made smaller, down to 60 %, where the text is too long. */
  size: number;
  colour: string;
  top: number;
  left?: number;
  width?: number;
  align?: 'left' | 'center' | 'right';
  /** Letter spacing in points. */
  spacing?: number;
  link?: string;
}

/** One page with its structure tree: every text and picture is tagged, decoration is marked as such. */
class Sheet {
  readonly #doc: PDFKit.PDFDocument;
  readonly #root: PDFKit.PDFStructureElement;

  constructor(doc: PDFKit.PDFDocument) {
    this.#doc = doc;
    this.#root = doc.struct('Document');
    doc.addStructure(this.#root);
  }

  decoration(draw: () => void): void {
    this.#doc.markContent('Artifact', { type: 'Layout' });
    draw();
    this.#doc.endMarkedContent();
  }

  figure(alt: string, draw: () => void): void {
    this.#root.add(this.#doc.struct('Figure', { alt }, draw));
  }

  line(tag: string, text: string, style: Style): void {
    this.#root.add(this.#doc.struct(tag, {}, () => this.#draw(this.#fit(text, style), style)));
  }

  /** Wraps into at most `max` lines, the last one shortened if need be; answers where the text ends. */
  lines(tag: string, text: string, style: Style & { max: number }): number {
    const width = style.width ?? WIDTH - 2 * MARGIN;
    const wrapped: string[] = [];
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const last = wrapped.at(-1);
      const longer = last === undefined ? word : `${last} ${word}`;
      if (last !== undefined && this.#width(longer, style, style.size) <= width)
        wrapped[wrapped.length - 1] = longer;
      else wrapped.push(word);
    }
    const kept = wrapped.slice(0, style.max);
    if (wrapped.length > kept.length) kept.push(`${kept.pop() ?? ''}…`);
    const height = style.size * 1.3;
    const paragraph = () => {
      kept.forEach((line, index) => {
        const here = { ...style, top: style.top + index * height };
        this.#draw(this.#fit(line, here), here);
      });
    };
    this.#root.add(this.#doc.struct(tag, {}, paragraph));
    return style.top + kept.length * height;
  }

  close(): void {
    this.#root.end();
  }

  #fit(text: string, style: Style): { text: string; size: number } {
    const available = style.width ?? WIDTH - 2 * MARGIN;
    const natural = this.#width(text, style, style.size);
    if (natural <= available) return { text, size: style.size };
    const size = style.size * Math.max(SMALLEST, available / natural);
    if (size > style.size * SMALLEST) return { text, size: size * 0.999 };
    const letters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
    let fits = 0;
    for (let tooMany = letters.length; tooMany - fits > 1; ) {
      const middle = Math.floor((fits + tooMany) / 2);
      if (this.#width(`${letters.slice(0, middle).join('')}…`, style, size) <= available) fits = middle;
      else tooMany = middle;
    }
    return { text: `${letters.slice(0, fits).join('')}…`, size };
  }

  #width(text: string, style: Style, size: number): number {
    const spacing = style.spacing ?? 0;
    return runs(text, style.face).reduce(
      (sum, run) =>
        sum + this.#doc.font(run.font).fontSize(size).widthOfString(run.text, { characterSpacing: spacing }),
      0,
    );
  }

  #draw({ text, size }: { text: string; size: number }, style: Style): void {
    const { left = MARGIN, width = WIDTH - 2 * MARGIN, align = 'center', spacing = 0 } = style;
    const free = width - this.#width(text, style, size);
    let x = left + (align === 'center' ? free / 2 : align === 'right' ? free : 0);
    const start = x;
    // Faces differ in height: all stand on one line, the one that the full size would stand on.
    const baseline = style.top + style.size * 0.95;
    for (const run of runs(text, style.face)) {
      this.#doc.font(run.font).fontSize(size).fillColor(style.colour);
      this.#doc.text(run.text, x, baseline, {
        lineBreak: false,
        characterSpacing: spacing,
        baseline: 'alphabetic',
      });
      x += this.#doc.widthOfString(run.text, { characterSpacing: spacing });
    }
    if (style.link) this.#doc.link(start, baseline - size, x - start, size * 1.3, style.link);
  }
}

/** The courtyard: a roof on arches along the foot of the page, one of them lit. */
function drawFrieze(doc: PDFKit.PDFDocument, fill: string, light: string): void {
  const arches = 14;
  const pitch = WIDTH / arches;
  const radius = pitch * 0.36;
  const top = HEIGHT - FRIEZE_HEIGHT;
  const spring = top + FRIEZE_HEIGHT * 0.62;
  doc.rect(0, top, WIDTH, FRIEZE_HEIGHT).fill(fill);
  for (let index = 0; index < arches; index++) {
    const middle = (index + 0.5) * pitch;
    const path = `M${middle - radius} ${HEIGHT}V${spring}A${radius} ${radius} 0 0 1 ${middle + radius} ${spring}V${HEIGHT}Z`;
    doc.path(path).fill(index === arches - 4 ? '#e8aa4e' : PAPER);
  }
  doc.rect(0, top, WIDTH, 3).fill(light);
}

function drawQr(doc: PDFKit.PDFDocument, modules: QRCode.BitMatrix, left: number, top: number): void {
  const cell = QR_SIZE / modules.size;
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column)) doc.rect(left + column * cell, top + row * cell, cell, cell);
    }
  }
  doc.fill(INK);
}
