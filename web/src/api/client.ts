// SPDX-License-Identifier: LGPL-2.1-or-later
/* Calls of the API's JSON form. Whatever goes wrong is an ApiError that says what failed, why, and what to do. */
import type { LocalizedFault, Ref, ServiceContent } from './types';

export const API = '/sdk/vim25/7.0.0.0';

/** A reference as the API takes it in arguments. */
export function ref(type: string, value: string): Ref {
  return { _typeName: 'ManagedObjectReference', type, value } as Ref;
}

export class ApiError extends Error {
  constructor(
    /** What was to be done: "Log in". */
    readonly what: string,
    /** Why it was not. */
    readonly why: string,
    /** What the user can do, "" when `why` says all. */
    readonly cure: string,
    /** The fault's type, as InvalidLogin; "" when the server did not answer at all. */
    readonly fault: string,
    readonly status: number,
  ) {
    super(cure ? `${what}: ${why} ${cure}` : `${what}: ${why}`);
    this.name = 'ApiError';
  }

  /** The session is over, or there was none. */
  get signedOut(): boolean {
    return this.fault === 'NotAuthenticated';
  }

  /** Nobody answered. */
  get unreachable(): boolean {
    return this.status === 0;
  }
}

/** Called when an answer says that the session is over. */
let onSignedOut: () => void = () => {};
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

const CURES: Record<string, string> = {
  InvalidLogin: 'Check the user name and the password, and that caps lock is off.',
  NoPermission: 'Ask an administrator for a role with that privilege.',
  NotAuthenticated: 'Sign in again.',
  ManagedObjectNotFound: 'It may have been removed meanwhile.',
  TaskInProgress: 'Try again when its other task is done.',
};

/** "PowerOnVM_Task" as people say it: "Power on VM". */
export function methodWords(name: string): string {
  const words = name
    .replace(/_Task$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}s?$/.test(word) ? word : word.toLowerCase()))
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface FaultBody {
  _typeName?: string;
  localizedMessage?: string;
  message?: string;
  faultMessage?: { message?: string }[];
  faultCause?: LocalizedFault;
  privilegeId?: string;
  reason?: string;
  invalidProperty?: string;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

function reasonOf(body: FaultBody, fault: string, status: number): string {
  const messages = (body.faultMessage ?? []).map((each) => each.message ?? '').filter(Boolean);
  const said = body.localizedMessage || body.message || messages.join(' ') || body.reason;
  if (said) return sentence(said);
  if (body.privilegeId) return `The privilege ${body.privilegeId} is missing.`;
  if (body.invalidProperty) return `${body.invalidProperty} is not valid.`;
  return fault ? `${methodWords(fault)}.` : `The server answered with status ${status}.`;
}

/** The error that a fault in a task, an event or an answer stands for. */
export function faultError(what: string, fault: LocalizedFault | FaultBody, status = 500): ApiError {
  const inner = ('fault' in fault ? fault.fault : fault) as FaultBody | undefined;
  const body = { ...inner, localizedMessage: fault.localizedMessage ?? inner?.localizedMessage };
  const type = inner?._typeName ?? '';
  return new ApiError(what, reasonOf(body, type, status), CURES[type] ?? '', type, status);
}

function faultIn(answer: Response, text: string): FaultBody {
  if (answer.headers.get('Content-Type')?.startsWith('application/json'))
    return JSON.parse(text) as FaultBody;
  return { message: text };
}

/**
 * Asks for anything that this server has.
 * @returns an answer that is no failure, and its body as text
 */
export async function ask(what: string, path: string, init: RequestInit): Promise<[Response, string]> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' });
    text = await answer.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(
      what,
      'The server does not answer.',
      'See that aerostatd runs and can be reached.',
      '',
      0,
    );
  }
  if (answer.ok) return [answer, text];
  const error = faultError(what, faultIn(answer, text), answer.status);
  if (error.signedOut) onSignedOut();
  throw error;
}

async function request(what: string, path: string, init: RequestInit): Promise<unknown> {
  const [, text] = await ask(what, API + path, init);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** Values of the type anyType come as {_typeName, _value}; elsewhere as they are. */
export function plain(value: unknown): unknown {
  if (value !== null && typeof value === 'object' && '_value' in value)
    return (value as { _value: unknown })._value;
  return value;
}

/**
 * Calls a method.
 * @param what  what it is for, in words for an error: "Power on web-1"; the method's name by itself if left out
 */
export async function call<T>(
  object: Ref,
  method: string,
  args: Record<string, unknown> = {},
  what = methodWords(method),
): Promise<T> {
  const body = JSON.stringify(args);
  const path = `/${object.type}/${encodeURIComponent(object.value)}/${method}`;
  const headers = { 'Content-Type': 'application/json' };
  return plain(await request(what, path, { method: 'POST', body, headers })) as T;
}

/** Reads a property. */
export async function get<T>(
  object: Ref,
  property: string,
  what = `Read ${methodWords(property).toLowerCase()}`,
) {
  const path = `/${object.type}/${encodeURIComponent(object.value)}/${property}`;
  return plain(await request(what, path, { method: 'GET' })) as T;
}

export const SERVICE = ref('ServiceInstance', 'ServiceInstance');
export const SESSIONS = ref('SessionManager', 'SessionManager');
export const AEROSTAT = ref('AerostatManager', 'AerostatManager');

let content: Promise<ServiceContent> | null = null;

/** Where everything is; asked for once. */
export function service(): Promise<ServiceContent> {
  content ??= call<ServiceContent>(SERVICE, 'RetrieveServiceContent').catch((error: unknown) => {
    content = null;
    throw error;
  });
  return content;
}
