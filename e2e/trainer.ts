/** What somebody does in the studio and the administration of a platform. */
import type { Page } from 'playwright-core';

/** Writes a course of one lesson and one quiz, publishes it, and answers its id. */
export async function writeCourse(page: Page, site: string, title: string): Promise<string> {
  await page.goto(`${site}/studio`);
  await page.locator('#new-course input[name="title"]').fill(title);
  await page.locator('#new-course button[type="submit"]').click();
  await page.waitForURL(/\/studio\/courses\/[0-9a-f-]{36}$/);
  const course = page.url();
  await page.locator('#new-module input[name="title"]').fill('Premier module');
  await page.locator('#new-module button[type="submit"]').click();
  await page.getByRole('heading', { name: 'Premier module' }).waitFor();

  await page.getByRole('button', { name: 'Ajouter une leçon' }).click();
  await page.locator('form[id^="lesson-"] input[name="title"]').fill('Une leçon');
  await page.locator('form[id^="lesson-"] button[type="submit"]').click();
  await page.waitForURL(/\/studio\/activities\//);
  const editor = page.locator('[contenteditable="true"]');
  await editor.click();
  await page.keyboard.type('Bonjour à vous.');
  await page
    .getByRole('status')
    .filter({ hasText: /^Enregistré$/ })
    .waitFor();

  await page.goto(course);
  await page.getByRole('button', { name: 'Ajouter un quiz' }).click();
  await page.locator('form[id^="quiz-"] input[name="title"]').fill('Un quiz');
  await page.locator('form[id^="quiz-"] button[type="submit"]').click();
  await page.waitForURL(/\/studio\/activities\//);
  await page.getByRole('button', { name: 'Ajouter une question' }).click();
  await page.getByLabel('Énoncé').fill('Quelle est la capitale de la France ?');
  await page.getByLabel('Réponse 1', { exact: true }).fill('Paris');
  await page.getByLabel('Réponse 2', { exact: true }).fill('Lyon');
  await page.getByRole('button', { name: 'Enregistrer le quiz' }).click();
  await page.getByText('Le quiz est enregistré.').waitFor();

  await publish(page, course);
  return course.split('/').at(-1) ?? '';
}

/** Publishes the draft of a course. */
export async function publish(page: Page, course: string): Promise<void> {
  await page.goto(course);
  await page.locator('#publish button[type="submit"]').click();
  await page.getByText('Publiée', { exact: true }).waitFor();
}

/** Enrols an address in a course: known people at once, others by an invitation. */
export async function enrol(page: Page, site: string, courseId: string, email: string): Promise<void> {
  await page.goto(`${site}/studio/courses/${courseId}/learners`);
  await page.locator('#enrol textarea[name="emails"]').fill(email);
  await page.locator('#enrol button[type="submit"]').first().click();
  await page.getByText('C’est fait.').waitFor();
}

/** Accepts an invitation from its mail. */
export async function acceptInvitation(
  page: Page,
  link: string,
  name: string,
  password: string,
): Promise<void> {
  await page.goto(link);
  await page.locator('main input[name="name"]').fill(name);
  await page.locator('main input[name="password"]').fill(password);
  await page.locator('main form button[type="submit"]').last().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/invitation'));
}

export async function signIn(page: Page, site: string, email: string, password: string): Promise<void> {
  await page.goto(`${site}/sign-in`);
  await page.locator('#sign-in input[name="email"]').fill(email);
  await page.locator('#sign-in input[name="password"]').fill(password);
  await page.locator('#sign-in button[type="submit"]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}
