import type { Cookies } from '@sveltejs/kit';
import { hostCookie } from './hostCookie.ts';

const TOKEN = /^[\w.-]{20,200}$/;
const DEVICE_DAYS = 365;
const DAY_MS = 86_400_000;

const session = hostCookie('preau_session', 'lax', TOKEN);
/** Strict: no link from elsewhere ever arrives with the rights of staff. */
const staff = hostCookie('preau_staff', 'strict', TOKEN);
/** By it the backend knows a browser in which somebody has signed in before. */
const device = hostCookie('preau_device', 'lax', /^[\w.~-]{1,1200}$/);

/** What the backend answers to whoever is in, or to whom something was changed. */
interface Entered {
  token: string;
  /** RFC 3339 */
  expiresAt: string;
  device: string;
}

export const readSession = session.read;
export const forgetSession = session.forget;
export const readStaffSession = staff.read;
export const forgetStaffSession = staff.forget;
export const readDevice = device.read;

export function writeSession(cookies: Cookies, entered: Entered): void {
  session.write(cookies, entered.token, new Date(entered.expiresAt));
  rememberDevice(cookies, entered.device);
}

export function writeStaffSession(cookies: Cookies, entered: Entered): void {
  staff.write(cookies, entered.token, new Date(entered.expiresAt));
  rememberDevice(cookies, entered.device);
}

function rememberDevice(cookies: Cookies, value: string): void {
  device.write(cookies, value, new Date(Date.now() + DEVICE_DAYS * DAY_MS));
}
