// The document around the page, with what our own documents have in their head.
export const metadata = {
  description: "What your sessions add up to, in plain words and counts.",
  robots: "noindex",
  manifest: "/manifest.webmanifest",
  icons: { icon: { url: "/icon.svg", type: "image/svg+xml" }, apple: "/apple-touch-icon.png" },
};

export const viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbf8f4" },
    { media: "(prefers-color-scheme: dark)", color: "#161311" },
  ],
};

export default function Layout({ children }) {
  return (
    <html lang="en" dir="ltr">
      <head><link rel="stylesheet" href="/pkg/spectrum.css" /></head>
      <body>{children}</body>
    </html>
  );
}
