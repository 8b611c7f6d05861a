/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/muster-core-test-util.h"
#include "muster-firmware-facts.h"
#include "muster-update-description.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

#define HASH_OF_X "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"

/* --- descriptions --- */

static void
test_description (void)
{
  g_auto (MusterUpdateDescription) self = { 0 };
  const MusterUpdateDescriptionFile *file = NULL;

  g_assert_true (muster_update_description_read (
    &self,
    "# version = \"0\"\nsoftware = {\n  /* { */ version = \"1.0 \\\"b\\\"\"; // }\n"
    "  hardware-compatibility: [ \"1.0\", \"2.0\" ];\n  embedded-script = \"{ filename = 1\";\n"
    "  images: ( { filename = \"a\"; sha256 = \"aa\"; properties: { version = \"9\"; } },\n"
    "            { filename = \"b\"; size = 12L; } );\n}\n"));
  g_assert_cmpstr (self.version, ==, "1.0 \"b\"");
  g_assert_cmpstr (self.hardware, ==, "1.0, 2.0");
  g_assert_cmpuint (self.files->len, ==, 2);
  file = self.files->pdata[0];
  g_assert_cmpstr (file->name, ==, "a");
  g_assert_cmpstr (file->sha256, ==, "aa");
  file = self.files->pdata[1];
  g_assert_cmpstr (file->name, ==, "b");
  g_assert_null (file->sha256);
}

static void
test_description_json (void)
{
  g_auto (MusterUpdateDescription) self = { 0 };

  g_assert_true (muster_update_description_read (
    &self,
    "{\"software\": {\"version\": \"2\", \"files\": [{\"filename\": \"f\", \"sha256\": \"ff\"}]}}"));
  g_assert_cmpstr (self.version, ==, "2");
  g_assert_cmpuint (self.files->len, ==, 1);
  g_assert_cmpstr (((MusterUpdateDescriptionFile *)self.files->pdata[0])->sha256, ==, "ff");
}

static void
test_description_chunks (void)
{
  g_auto (MusterUpdateDescription) self = { 0 };

  g_assert_true (muster_update_description_read (
    &self,
    "software = { images: ( { filename = \"root.header\"; type = \"delta\"; sha256 = \"aa\";\n"
    "  properties: { url = \"https://h:1/firmware/chunks/" HASH_OF_X "\"; chain = \"raw\"; } },\n"
    "  { properties: { url = \"http://h/firmware/chunks/abc\"; } },\n"
    "  { properties: { url = \"http://h/firmware/chunks/" HASH_OF_X "/\"; } },\n"
    "  { properties: { url = \"http://elsewhere/" HASH_OF_X "\"; } } ); }"));
  g_assert_cmpuint (self.files->len, ==, 1);
  g_assert_cmpuint (self.chunks->len, ==, 1);
  g_assert_cmpstr (self.chunks->pdata[0], ==, HASH_OF_X);
}

static void
test_description_broken (void)
{
  static const char *const broken[] = { "{", "}", "software = { version = \"1\"", "a = \"no end" };
  g_autofree char         *deep = g_strnfill (64, '{');
  g_auto (MusterUpdateDescription) self = { 0 };

  for (unsigned i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_auto (MusterUpdateDescription) one = { 0 };

      g_test_message ("%s", broken[i]);
      g_assert_false (muster_update_description_read (&one, broken[i]));
    }
  g_assert_false (muster_update_description_read (&self, deep));
}

/* --- archives --- */

static void
add_entry (GString *archive, const char *name, const char *bytes)
{
  guint32 sum = 0;

  for (const char *at = bytes; *at != '\0'; at++)
    sum += (guint8)*at;
  g_string_append_printf (archive, "070702%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1,
                          0100644, 0, 0, 1, 0, (guint)strlen (bytes), 0, 0, 0, 0,
                          (guint)strlen (name) + 1, sum);
  g_string_append_len (archive, name, strlen (name) + 1);
  while (archive->len % 4 != 0)
    g_string_append_c (archive, '\0');
  g_string_append (archive, bytes);
  while (archive->len % 4 != 0)
    g_string_append_c (archive, '\0');
}

/* One of a file "x" that is DATA, and of a description that says HASH of it. */
static GString *
make_archive (const char *data, const char *hash)
{
  GString         *archive = g_string_new (NULL);
  g_autofree char *description =
    g_strdup_printf ("software = { version = \"4\"; files: ( { filename = \"x\"; sha256 = "
                     "\"%s\"; } ); }",
                     hash);

  add_entry (archive, "sw-description", description);
  add_entry (archive, "x", data);
  add_entry (archive, "TRAILER!!!", "");
  return archive;
}

static gboolean
read_archive (GString *archive, MusterFirmwareFacts *facts, GError **error)
{
  g_autofd int fd = memfd_create ("archive", MFD_CLOEXEC);
  g_autoptr (GArray) keys = muster_firmware_keys_new ();

  g_assert_cmpint (pwrite (fd, archive->str, archive->len, 0), ==, (gssize)archive->len);
  return muster_firmware_facts_read (facts, fd, keys, error);
}

static void
test_archive (void)
{
  g_autoptr (GString) good = make_archive ("x", HASH_OF_X);
  g_autoptr (GString) bad = make_archive ("y", HASH_OF_X);
  g_auto (MusterFirmwareFacts) facts = { 0 };
  g_auto (MusterFirmwareFacts) other = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (read_archive (good, &facts, &error));
  g_assert_no_error (error);
  g_assert_cmpint (facts.format, ==, MUSTER_FORMAT_SWU);
  g_assert_cmpint (facts.trust, ==, MUSTER_TRUST_UNSIGNED);
  g_assert_cmpstr (facts.version, ==, "4");
  g_assert_false (read_archive (bad, &other, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

static void
test_mutations (void)
{
  for (unsigned i = 0; i < 3000; i++)
    {
      g_autoptr (GString) bytes = make_archive ("x", HASH_OF_X);

      muster_test_mutate (bytes);
      LLVMFuzzerTestOneInput ((const guint8 *)bytes->str, bytes->len);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/update-files/description", test_description);
  g_test_add_func ("/update-files/description/json", test_description_json);
  g_test_add_func ("/update-files/description/chunks", test_description_chunks);
  g_test_add_func ("/update-files/description/broken", test_description_broken);
  g_test_add_func ("/update-files/archive", test_archive);
  g_test_add_func ("/update-files/mutations", test_mutations);
  return g_test_run ();
}
