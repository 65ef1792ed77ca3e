export default async function Page() {
  return (
    <ul>
      {Array.from({ length: 40 }, (_, i) => (
        <li key={i}>
          <a href={'/x/' + i}>Leçon {i}</a>
        </li>
      ))}
    </ul>
  );
}
