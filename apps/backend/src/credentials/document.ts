import PDFDocument from 'pdfkit';
import { fontFiles } from './fonts.ts';

/** A PDF in memory, tagged for screen readers, with our typefaces. `end` closes it and answers its bytes. */
export function openDocument(options: Pick<PDFKit.PDFDocumentOptions, 'size' | 'margin' | 'lang' | 'info'>): {
  doc: PDFKit.PDFDocument;
  end(): Promise<Buffer>;
} {
  const doc = new PDFDocument({ pdfVersion: '1.7', tagged: true, displayTitle: true, ...options });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  for (const file of Object.values(fontFiles).flat()) doc.registerFont(file.name, file.bytes);
  return {
    doc,
    async end() {
      doc.end();
      await done;
      return Buffer.concat(chunks);
    },
  };
}
