/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "muster-core-test-util.h"
#include "muster-private-file.h"

static void
test_write (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "secret");
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  g_assert_true (muster_private_file_write (path, "first, longer", 13, -1, -1, &error));
  g_assert_no_error (error);
  g_assert_true (muster_private_file_write (path, "second", 6, -1, -1, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "second");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static void
test_no_folder (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "absent/secret");
  g_autoptr (GError) error = NULL;

  g_assert_false (muster_private_file_write (path, "x", 1, -1, -1, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED);
}

/* A failure leaves nothing behind. */
static void
test_in_the_way (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "folder");
  g_autofree char *inner = muster_test_dir_build (dir, "folder/inner");
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) listing = NULL;

  g_assert_cmpint (g_mkdir_with_parents (inner, 0700), ==, 0);
  g_assert_false (muster_private_file_write (path, "x", 1, -1, -1, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED);
  listing = g_dir_open (muster_test_dir_get_path (dir), 0, NULL);
  g_assert_cmpstr (g_dir_read_name (listing), ==, "folder");
  g_assert_null (g_dir_read_name (listing));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/private-file/write", test_write);
  g_test_add_func ("/private-file/no-folder", test_no_folder);
  g_test_add_func ("/private-file/in-the-way", test_in_the_way);
  return g_test_run ();
}
