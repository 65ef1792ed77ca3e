import { createTransport, type Transporter } from 'nodemailer';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { isLocal } from '../settings.ts';

const BATCH = 20;
const MAX_ATTEMPTS = 8;
const FIRST_DELAY_SECONDS = 30;
/** While a mail is under way nobody else takes it; a sender that died leaves it to the next after this time. */
const LEASE_SECONDS = 300;
const TIMEOUT_MS = 15_000;
const MAX_ERROR = 500;

interface Due {
  id: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  senderName: string | null;
  attempts: number;
}

export interface MailSender {
  /** Sends what is due; without a mail server, keeps it readable in the outbox. */
  sweep(): Promise<void>;
  close(): void;
}

/** Sends the outbox over SMTP: each mail at least once, retried with growing delays, given up after eight. */
export function openMailSender(app: App): MailSender {
  const { SMTP_URL, MAIL_FROM } = app.settings;
  const db = app.db({ kind: 'platform' });
  if (!SMTP_URL) {
    return {
      async sweep() {
        await db.query(`UPDATE mails SET state = 'kept', updated_at = now() WHERE state = 'queued'`);
      },
      close() {},
    };
  }
  const transport = createTransport({
    url: SMTP_URL,
    // A server that offers no encryption, or somebody in between who hides the offer, gets no mail.
    requireTLS: !isLocal(SMTP_URL),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  return {
    async sweep() {
      for (;;) {
        const due = await takeDue(db);
        await Promise.all(due.map((mail) => send(app, db, transport, MAIL_FROM, mail)));
        if (due.length < BATCH) return;
      }
    },
    close: () => transport.close(),
  };
}

function takeDue(db: Db): Promise<Due[]> {
  return db.query<Due>(
    `UPDATE mails m SET attempts = attempts + 1, due_at = now() + make_interval(secs => ${LEASE_SECONDS}), updated_at = now()
     WHERE m.id IN (SELECT id FROM mails WHERE state IN ('queued', 'failed') AND due_at <= now()
       ORDER BY due_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
     RETURNING m.id, m."to", m.subject, m.html, m.text, m.attempts::int AS attempts,
       (SELECT t.name FROM tenants t WHERE t.id = m.tenant_id) AS "senderName"`,
  );
}

async function send(app: App, db: Db, transport: Transporter, from: string, mail: Due): Promise<void> {
  const { id, to, subject, html, text, senderName, attempts } = mail;
  const address = /<([^>]+)>/.exec(from)?.[1] ?? from;
  try {
    await transport.sendMail({
      from: senderName ? { name: senderName, address } : from,
      to: { name: '', address: to },
      subject,
      html,
      text,
      // The same mail that is sent twice after a crash can be told apart from two mails.
      messageId: `<${id}@${address.split('@')[1] ?? 'preau'}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    await db.query(`UPDATE mails SET state = 'sent', error = NULL, updated_at = now() WHERE id = $1`, [id]);
  } catch (error) {
    const dead = attempts >= MAX_ATTEMPTS;
    app.log.warn({ mail: id, attempts, dead }, 'a mail could not be sent');
    await db.query(
      `UPDATE mails SET state = $2, error = $3, due_at = now() + make_interval(secs => $4), updated_at = now() WHERE id = $1`,
      [
        id,
        dead ? 'dead' : 'failed',
        String(error).slice(0, MAX_ERROR),
        FIRST_DELAY_SECONDS * 2 ** (attempts - 1),
      ],
    );
  }
}
