/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/muster-attachment.h"
#include "muster-content-folder.h"
#include "muster-core-test-util.h"
#include "muster-private-file.h"

#define OLD_SECONDS (3 * 24 * 3600)

/* Keeps TEXT: its SHA-256 (transfer full). */
static char *
keep (const char *folder, const char *text)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autofd int fd = muster_content_folder_begin (folder, &path, &error);

  g_assert_no_error (error);
  g_assert_true (muster_write_all (fd, text, strlen (text)));
  muster_content_folder_keep (folder, path, sha256, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  return g_steal_pointer (&sha256);
}

static gboolean
has (const char *folder, const char *sha256)
{
  g_autofree char *path = muster_content_folder_build_path (folder, sha256);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
make_old (const char *path)
{
  const struct timespec times[2] = { { .tv_sec = time (NULL) - OLD_SECONDS },
                                     { .tv_sec = time (NULL) - OLD_SECONDS } };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static void
make_kept_old (const char *folder, const char *sha256)
{
  g_autofree char *path = muster_content_folder_build_path (folder, sha256);

  make_old (path);
}

static void
test_keep (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *folder = muster_test_dir_build (dir, "files");
  g_autofree char *sha256 = NULL;
  g_autofree char *again = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autofd int fd = -1;
  char         text[8] = { 0 };
  struct stat  status;

  muster_content_folder_make (folder, &error);
  g_assert_no_error (error);
  sha256 = keep (folder, "water");
  again = keep (folder, "water");
  g_assert_cmpstr (again, ==, sha256);
  path = muster_content_folder_build_path (folder, sha256);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  fd = muster_content_folder_open (folder, sha256, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (fd, text, sizeof text), ==, 5);
  g_assert_cmpstr (text, ==, "water");
}

static void
test_missing (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "no", -1);
  g_autofree char *blocked = muster_test_dir_build (dir, "file");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (muster_content_folder_open (muster_test_dir_get_path (dir), sha256, &error), ==,
                   -1);
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (blocked, "", 0, NULL));
  g_assert_false (muster_content_folder_make (blocked, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED);
}

static void
name_it (MusterDatabase *database, const char *sha256)
{
  g_autoptr (MusterEntity) attachment = muster_entity_new (&muster_attachment_info);
  g_autofree char *owner = g_uuid_string_random ();

  muster_entity_set_string (attachment, "entity", "device");
  muster_entity_set_string (attachment, "entity_id", owner);
  muster_entity_set_string (attachment, "name", "a.txt");
  muster_entity_set_string (attachment, "media_type", "text/plain");
  muster_entity_set_string (attachment, "sha256", sha256);
  muster_test_await (muster_test_submit (database, muster_test_insert_job, attachment));
}

/* What was made of a file, as old as that. */
static char *
make_beside (const char *folder, const char *sha256)
{
  g_autofree char *path = muster_content_folder_build_path (folder, sha256);
  char            *beside = g_strconcat (path, ".index", NULL);

  g_assert_true (g_file_set_contents (beside, "made", -1, NULL));
  make_old (beside);
  return beside;
}

/* What is old and unnamed goes, and what never became whole; nothing else. */
static void
test_collect (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase  *database = muster_test_database_new (dir, NULL, NULL);
  g_autofree char *folder = muster_test_dir_build (dir, "files");
  g_autofree char *named = NULL;
  g_autofree char *young = NULL;
  g_autofree char *old = NULL;
  g_autofree char *touched = NULL;
  g_autofree char *begun = NULL;
  g_autofree char *made_of_named = NULL;
  g_autofree char *made_of_old = NULL;
  g_autoptr (GError) error = NULL;
  g_autofd int fd = -1;

  g_assert_true (muster_content_folder_make (folder, NULL));
  named = keep (folder, "named");
  young = keep (folder, "young");
  old = keep (folder, "old");
  touched = keep (folder, "touched");
  fd = muster_content_folder_begin (folder, &begun, &error);
  g_assert_no_error (error);
  make_old (begun);
  make_kept_old (folder, named);
  make_kept_old (folder, old);
  make_kept_old (folder, touched);
  made_of_named = make_beside (folder, named);
  made_of_old = make_beside (folder, old);
  muster_content_folder_touch (folder, touched);
  name_it (database, named);
  g_assert_cmpint (dex_await_int64 (muster_content_folder_collect (folder, database,
                                                                   &muster_attachment_info, 2,
                                                                   "test", "Tidy up"),
                                    &error),
                   ==, 3);
  g_assert_no_error (error);
  g_assert_true (g_file_test (made_of_named, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (made_of_old, G_FILE_TEST_EXISTS));
  g_assert_true (has (folder, named) && has (folder, young) && has (folder, touched));
  g_assert_false (has (folder, old));
  g_assert_false (g_file_test (begun, G_FILE_TEST_EXISTS));
  muster_test_database_free (database);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/content-folder/keep", test_keep);
  g_test_add_func ("/content-folder/missing", test_missing);
  muster_test_add_fiber ("/content-folder/collect", test_collect);
  return g_test_run ();
}
