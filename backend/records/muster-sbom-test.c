/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-sbom.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

#define CYCLONEDX                                                                                  \
  "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"metadata\":{\"component\":{\"name\":"    \
  "\"panel\"}},\"components\":[{\"type\":\"library\",\"name\":\"openssl\",\"version\":\"3.0.11\"," \
  "\"purl\":\"pkg:deb/debian/openssl@3.0.11\",\"licenses\":[{\"license\":{\"id\":\"Apache-2.0\"}}" \
  "],\"components\":[{\"name\":\"libcrypto\"}]},{\"group\":\"org.x\",\"name\":\"zlib\","           \
  "\"licenses\":[{\"expression\":\"Zlib OR MIT\"},{\"license\":{\"name\":\"Own\"}}]}]}"
#define SPDX_JSON                                                                                  \
  "{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{\"name\":\"openssl\",\"versionInfo\":\"3.0.11\","  \
  "\"licenseConcluded\":\"NOASSERTION\",\"licenseDeclared\":\"Apache-2.0\",\"externalRefs\":["     \
  "{\"referenceCategory\":\"SECURITY\",\"referenceType\":\"cpe23Type\",\"referenceLocator\":"      \
  "\"cpe:x\"},{\"referenceCategory\":\"PACKAGE-MANAGER\",\"referenceType\":\"purl\","              \
  "\"referenceLocator\":\"pkg:deb/debian/openssl@3.0.11\"}]}]}"
#define SPDX_TAGS                                                                                  \
  "# made by hand\nSPDXVersion: SPDX-2.2\r\nDataLicense: CC0-1.0\n\nPackageName: openssl\n"        \
  "PackageVersion: 3.0.11\nPackageLicenseDeclared: Apache-2.0\nPackageLicenseConcluded: NONE\n"    \
  "PackageComment: <text>one\nPackageName: not this\n</text>\n"                                    \
  "ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/openssl@3.0.11\nFileName: ./a\n"               \
  "PackageVersion: 9\n"

static MusterSbom *
read_good (const char *text)
{
  g_autoptr (GError) error = NULL;
  MusterSbom *sbom = muster_sbom_read (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (sbom);
  g_assert_true (muster_sbom_is_one (text, strlen (text)));
  return sbom;
}

static void
check_component (MusterSbom *sbom,
                 unsigned    index,
                 const char *name,
                 const char *version,
                 const char *licence,
                 const char *package_url)
{
  const MusterSbomComponent *component = NULL;

  g_assert_cmpuint (index, <, sbom->components->len);
  component = sbom->components->pdata[index];
  g_assert_cmpstr (component->name, ==, name);
  g_assert_cmpstr (component->version, ==, version);
  g_assert_cmpstr (component->licence, ==, licence);
  g_assert_cmpstr (component->package_url, ==, package_url);
}

static void
test_cyclonedx (void)
{
  g_autoptr (MusterSbom) sbom = read_good (CYCLONEDX);

  g_assert_cmpstr (sbom->format, ==, "CycloneDX 1.5");
  g_assert_cmpuint (sbom->components->len, ==, 3);
  check_component (sbom, 0, "openssl", "3.0.11", "Apache-2.0", "pkg:deb/debian/openssl@3.0.11");
  check_component (sbom, 1, "libcrypto", NULL, NULL, NULL);
  check_component (sbom, 2, "org.x/zlib", NULL, "Zlib OR MIT AND Own", NULL);
}

static void
test_spdx (void)
{
  static const char *const texts[] = { SPDX_JSON, SPDX_TAGS, "\xef\xbb\xbf \n" SPDX_TAGS };

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (MusterSbom) sbom = read_good (texts[i]);

      g_assert_cmpstr (sbom->format, ==, i == 0 ? "SPDX 2.3" : "SPDX 2.2");
      g_assert_cmpuint (sbom->components->len, ==, 1);
      check_component (sbom, 0, "openssl", "3.0.11", "Apache-2.0", "pkg:deb/debian/openssl@3.0.11");
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text, *why;
  } cases[] = {
    { "", "empty" },
    { "hello\n", "no tag and value in line 1" },
    { "Name: x\n", "begins with SPDXVersion" },
    { "{}", "no bill of materials" },
    { "[1]", "no tag" },
    { "{\"bomFormat\":\"CycloneDX\"", "cannot be read" },
    { "{\"bomFormat\":\"CycloneDX\"}", "specVersion" },
    { "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"2.0\"}", "specVersion" },
    { "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\",\"components\":{}}", "no list" },
    { "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\",\"components\":[{\"name\":\"a\"},{}]}",
      "component 2" },
    { "{\"spdxVersion\":\"SPDX-3.0\"}", "version of SPDX" },
    { "{\"@context\":\"https://spdx.org/rdf/3.0.1/x\"}", "version of SPDX" },
    { "SPDXVersion: SPDX-1.2\n", "version of SPDX" },
    { "SPDXVersion: SPDX-2.3\nPackageComment: <text>no end\n", "from line 2" },
    { "SPDXVersion: SPDX-2.3\nPackageName:\n", "component 1" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      GPtrArray *fields = NULL;

      g_assert_null (muster_sbom_read (cases[i].text, strlen (cases[i].text), &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      fields = muster_error_get_fields (error);
      g_assert_cmpuint (fields->len, ==, 1);
      g_test_message ("%s", ((MusterFieldError *)fields->pdata[0])->detail);
      g_assert_nonnull (strstr (((MusterFieldError *)fields->pdata[0])->detail, cases[i].why));
    }
}

static void
test_is_one (void)
{
  static const char *const others[] = { "", "{}", "{\"a\":1}", "Name: x\n", "# words\nSPDX\n" };
  static const char        broken[] = "{\"bomFormat\": \"CycloneDX\", ";

  for (unsigned i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (muster_sbom_is_one (others[i], strlen (others[i])));
  g_assert_true (muster_sbom_is_one (broken, strlen (broken)));
}

static void
test_limits (void)
{
  g_autoptr (GString) many = g_string_new ("SPDXVersion: SPDX-2.3\n");
  g_autoptr (GString) large = g_string_new (many->str);
  g_autofree char *name = g_strnfill (2000, 'x');
  g_autofree char *named = g_strdup_printf ("SPDXVersion: SPDX-2.3\nPackageName: %s\n", name);
  g_autoptr (MusterSbom) cut = read_good (named);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (strlen (((MusterSbomComponent *)cut->components->pdata[0])->name), ==,
                    MUSTER_SBOM_MAX_TEXT);
  for (unsigned i = 0; i <= MUSTER_SBOM_MAX_COMPONENTS; i++)
    g_string_append (many, "PackageName: a\n");
  g_assert_null (muster_sbom_read (many->str, many->len, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_clear_error (&error);
  g_string_set_size (large, MUSTER_SBOM_MAX_BYTES + 1);
  g_assert_null (muster_sbom_read (large->str, large->len, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

static void
test_mutations (void)
{
  static const char *const seeds[] = { CYCLONEDX, SPDX_JSON, SPDX_TAGS };

  for (unsigned i = 0; i < 9000; i++)
    {
      g_autoptr (GString) bytes = g_string_new (seeds[i % G_N_ELEMENTS (seeds)]);

      muster_test_mutate (bytes);
      LLVMFuzzerTestOneInput ((const guint8 *)bytes->str, bytes->len);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sbom/cyclonedx", test_cyclonedx);
  g_test_add_func ("/sbom/spdx", test_spdx);
  g_test_add_func ("/sbom/refused", test_refused);
  g_test_add_func ("/sbom/is-one", test_is_one);
  g_test_add_func ("/sbom/limits", test_limits);
  g_test_add_func ("/sbom/mutations", test_mutations);
  return g_test_run ();
}
