import { expect, it } from "vitest";
import { newUpload, problemOfFile, sizeOf } from "./uploads";

const TAKEN = { max_bytes: 20 * 1024 * 1024, types: ["image/png", "image/heic", "application/pdf"] };

it.each([
  [{ size: 10, type: "image/png", name: "a.png" }, ""],
  [{ size: 10, type: "", name: "IMG_1.HEIC" }, ""],
  [{ size: 0, type: "image/png", name: "a.png" }, "빈 파일은 보낼 수 없어요"],
  [{ size: 21 * 1024 * 1024, type: "image/png", name: "a.png" }, "20MB까지 보낼 수 있어요"],
  [{ size: 10, type: "image/svg+xml", name: "a.svg" }, "이 형식은 보낼 수 없어요. 이미지나 PDF로 보내 주세요"],
  [{ size: 10, type: "", name: "setup.exe" }, "이 형식은 보낼 수 없어요. 이미지나 PDF로 보내 주세요"],
])("says of %j: %j", (file, problem) => {
  expect(problemOfFile(file, TAKEN)).toBe(problem);
});

it("gives each file a message of its own, and sizes in words", () => {
  const file = new File(["x"], "a.png", { type: "image/png" });
  expect(newUpload(file, TAKEN).id).not.toBe(newUpload(file, TAKEN).id);
  expect([1, 2048, 1_500_000].map(sizeOf)).toEqual(["1KB", "2KB", "1.4MB"]);
});
