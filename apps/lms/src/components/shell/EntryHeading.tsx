import { Title } from './Title';

/** The one heading of a page of the ways in; it is the page's title too. */
export function EntryHeading({ text }: { text: string }) {
  return (
    <>
      <Title text={text} />
      <h1 className="text-2xl">{text}</h1>
    </>
  );
}
