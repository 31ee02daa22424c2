# Homebrew formula
class Offlineimap < Formula
  desc "Keep IMAP accounts and local Maildirs in step"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "@URL@/offlineimap-aarch64-apple-darwin"
      sha256 "@SHA256 offlineimap-aarch64-apple-darwin@"
    end
    on_intel do
      url "@URL@/offlineimap-x86_64-apple-darwin"
      sha256 "@SHA256 offlineimap-x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@URL@/offlineimap-aarch64-unknown-linux-gnu"
      sha256 "@SHA256 offlineimap-aarch64-unknown-linux-gnu@"
    end
    on_intel do
      url "@URL@/offlineimap-x86_64-unknown-linux-gnu"
      sha256 "@SHA256 offlineimap-x86_64-unknown-linux-gnu@"
    end
  end

  resource "manual" do
    url "@URL@/offlineimap.1"
    sha256 "@SHA256 offlineimap.1@"
  end

  def install
    bin.install Dir["offlineimap-*"].first => "offlineimap"
    chmod 0755, bin/"offlineimap"
    resource("manual").stage { man1.install "offlineimap.1" }
    generate_completions_from_executable(bin/"offlineimap", "completions",
                                         shells: [:bash, :zsh, :fish])
  end

  test do
    assert_equal version.to_s, shell_output("#{bin}/offlineimap --version").strip
  end
end
