// Certificates that can be served, and one error line for each that can't.
#include "edge/tls/tls_certificate.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "support/certificate.h"
#include "support/temp_folder.h"

using namespace bodega;
using namespace bodega::edge;
using bodega::test::Authority;
using bodega::test::TempFolder;
using bodega::test::Wanted;

namespace {

std::string why_not(const std::string& pair) {
    try {
        load_certificate(CertificateFiles::of(pair));
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::config_invalid);
        CHECK(std::string_view(error.what()).find('\n') == std::string_view::npos);
        return error.what();
    }
    return "it can be served";
}

std::string content(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a certificate with its chain, its key and its names", "[edge][tls]") {
    TempFolder folder;
    Authority authority(folder.path());
    Wanted wanted;
    wanted.names = "DNS:B.example.org,DNS:*.example.org,DNS:a.example.org,IP:127.0.0.1";
    for (const char* key : {"P-256", "RSA"}) {
        wanted.key = key;
        TlsCertificate loaded = load_certificate(CertificateFiles::of(authority.issue("site", wanted)));
        CHECK(loaded.names == std::vector<std::string>{"*.example.org", "a.example.org", "b.example.org"});
        CHECK(loaded.chain.empty());  // only the root is missing, which is not sent
        CHECK(X509_check_private_key(loaded.certificate.get(), loaded.key.get()) == 1);
    }
    // A self-signed certificate is its own chain.
    std::ofstream(folder / "self.key") << content(folder / "site.key");
    CHECK(why_not(authority.file() + " " + folder / "self.key").ends_with("ca.pem."));
}

TEST_CASE("certificates that can't be served are refused with the reason", "[edge][tls]") {
    TempFolder folder;
    Authority authority(folder.path());
    const std::string good = authority.issue("good"), chain = folder / "good.pem", key = folder / "good.key";
    REQUIRE(why_not(good) == "it can be served");
    Wanted wanted;

    CHECK(why_not(folder / "absent.pem" + " " + key) ==
          "edge.tls.certificates: " + folder / "absent.pem" + " can't be read: No such file or directory");
    CHECK(has(why_not(chain + " " + folder / "absent.key"), "absent.key can't be read: No such file"));
    CHECK(has(why_not(folder.path() + " " + key), " is not a file."));
    wanted.from_days = -3;
    wanted.to_days = -2;
    CHECK(has(why_not(authority.issue("old", wanted)), "old.pem has expired. Renew it."));
    wanted.from_days = 1;
    wanted.to_days = 2;
    CHECK(has(why_not(authority.issue("new", wanted)), "new.pem is not valid yet. Check this machine's clock."));
    authority.issue("other");
    CHECK(has(why_not(chain + " " + folder / "other.key"), "other.key is not the key of the certificate in " + chain));
    wanted = {};
    wanted.password = "secret";
    CHECK(has(why_not(authority.issue("locked", wanted)), "locked.key is encrypted, and the server can"));
    wanted = {};
    wanted.with_issuer = false;
    CHECK(has(why_not(authority.issue("alone", wanted)), "alone.pem holds only the server's certificate"));

    std::ofstream(folder / "empty.pem");
    CHECK(has(why_not(folder / "empty.pem" + " " + key), "empty.pem holds no certificate in PEM form"));
    CHECK(has(why_not(chain + " " + folder / "empty.pem"), "empty.pem holds no private key in PEM form"));
    std::ofstream(folder / "cut.pem") << content(chain).substr(0, 200);
    CHECK(has(why_not(folder / "cut.pem" + " " + key), "cut.pem holds a certificate that can't be read: "));
    std::ofstream(folder / "swapped.pem") << content(authority.file()) << content(chain);
    CHECK(has(why_not(folder / "swapped.pem" + " " + key), "swapped.pem is out of order: certificate 2 did not issue"));
    std::ofstream(folder / "large.pem") << std::string(2 << 20, 'x');
    CHECK(has(why_not(folder / "large.pem" + " " + key), "large.pem is larger than 1 MiB."));
    for (const char* pair : {"", "one.pem", "one.pem ", " one.pem", "a b c"})
        CHECK(has(why_not(pair), "must hold two files each, \"FULLCHAIN.PEM KEY.PEM\", not \""));
}

TEST_CASE("an unreadable key is an error", "[edge][tls]") {
    TempFolder folder;
    Authority authority(folder.path());
    const std::string pair = authority.issue("good");
    std::filesystem::permissions(folder / "good.key", std::filesystem::perms::none);
    if (std::ifstream(folder / "good.key").good()) return;  // root reads what it wants
    CHECK(has(why_not(pair), "good.key can't be read: Permission denied"));
}

TEST_CASE("a file's stamp changes with the file", "[edge][tls]") {
    TempFolder folder;
    const std::string path = folder / "f";
    CHECK(FileStamp::of(path) == FileStamp{});
    std::ofstream(path) << "one";
    FileStamp first = FileStamp::of(path);
    CHECK(first == FileStamp::of(path));
    std::ofstream(folder / "g") << "two";
    std::filesystem::rename(folder / "g", path);
    CHECK(first != FileStamp::of(path));
    first = FileStamp::of(path);
    std::ofstream(path, std::ios::app) << "more";
    CHECK(first != FileStamp::of(path));
}
