// Every piece of text whose contrast against what lies behind it is below WCAG AA.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (colour, under) => {
    canvas.clearRect(0, 0, 1, 1);
    if (under) {
      canvas.fillStyle = `rgb(${under.join(",")})`;
      canvas.fillRect(0, 0, 1, 1);
    }
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const behind = (element) => {
    const chain = [];
    for (let at = element; at; at = at.parentElement) chain.unshift(at);
    return chain.reduce(
      (under, at) => read(getComputedStyle(at).backgroundColor, under),
      read(matchMedia("(prefers-color-scheme: dark)").matches ? "#000" : "#fff"));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faults = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!own || box.width < 2 || box.height < 2 || element.tagName === "KBD") continue;
    if (style.visibility === "hidden" || element.closest("option, [disabled], .toast")) continue;
    const back = behind(element);
    const [one, two] = [light(read(style.color, back)), light(back)].sort((a, b) => b - a);
    const large = parseFloat(style.fontSize) >= 24
      || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < (large ? 3 : 4.5)) {
      faults.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
    }
  }
  return [...new Set(faults)];
}
