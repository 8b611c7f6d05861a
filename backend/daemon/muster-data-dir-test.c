/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "core/muster-core-test-util.h"
#include "muster-data-dir.h"

static void
test_lock (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "a/b");
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterDataDir) first = muster_data_dir_open (path, &error);
  GStatBuf info;

  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_null (muster_data_dir_open (path, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT);
  g_clear_error (&error);
  g_clear_pointer (&first, muster_data_dir_close);
  first = muster_data_dir_open (path, &error);
  g_assert_no_error (error);
}

static void
test_token (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "token");
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterDataDir) self = muster_data_dir_open (muster_test_dir_get_path (dir), &error);
  g_autofree char *token = muster_data_dir_load_token (self, &error);
  g_autofree char *again = muster_data_dir_load_token (self, &error);
  GStatBuf         info;

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (token), ==, 44);
  g_assert_cmpstr (token, ==, again);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_set_contents (path, "short", -1, NULL));
  g_assert_null (muster_data_dir_load_token (self, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT);
}

static void
test_no_folder (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (muster_data_dir_open ("/proc/nowhere", &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "/proc/nowhere"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data-dir/lock", test_lock);
  g_test_add_func ("/data-dir/token", test_token);
  g_test_add_func ("/data-dir/no-folder", test_no_folder);
  return g_test_run ();
}
