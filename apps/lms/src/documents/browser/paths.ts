/** Whether an address of this platform is a document, which browser/navigation.ts can put in place of another. */
export const isDocument = (path: string): boolean =>
  /^\/(catalogue|(courses|activities)\/[^/]+)?$/.test(path);
