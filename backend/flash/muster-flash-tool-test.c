/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "core/muster-core-test-util.h"
#include "muster-flash-child.h"
#include "muster-flash-ports.h"
#include "muster-flash-tool.h"

static void
assert_command (MusterFlashTool tool, MusterFlashStep step, const char *expected)
{
  const MusterFlashJob job = { "tool", "/dev/ttyUSB3", "/x/fw.bin", "part", "prog", 0x10000 };
  g_auto (GStrv) command = muster_flash_tool_make_command (tool, &job, step);
  g_autofree char *line = command != NULL ? g_strjoinv (" ", command) : NULL;

  g_assert_cmpstr (line, ==, expected);
}

static void
test_commands (void)
{
  assert_command (
    MUSTER_FLASH_ESPTOOL, MUSTER_FLASH_WRITE,
    "tool --chip part --port /dev/ttyUSB3 --after no_reset write_flash 0x10000 /x/fw.bin");
  assert_command (
    MUSTER_FLASH_ESPTOOL, MUSTER_FLASH_VERIFY,
    "tool --chip part --port /dev/ttyUSB3 --after hard_reset verify_flash 0x10000 /x/fw.bin");
  assert_command (MUSTER_FLASH_AVRDUDE, MUSTER_FLASH_WRITE,
                  "tool -p part -c prog -P /dev/ttyUSB3 -V -U flash:w:/x/fw.bin:a");
  assert_command (MUSTER_FLASH_AVRDUDE, MUSTER_FLASH_VERIFY,
                  "tool -p part -c prog -P /dev/ttyUSB3 -V -U flash:v:/x/fw.bin:a");
  assert_command (MUSTER_FLASH_PICOTOOL, MUSTER_FLASH_WRITE,
                  "tool load --ser /dev/ttyUSB3 /x/fw.bin -o 0x10000");
  assert_command (MUSTER_FLASH_STM32FLASH, MUSTER_FLASH_WRITE,
                  "tool -w /x/fw.bin -v -S 0x10000 -R /dev/ttyUSB3");
  assert_command (MUSTER_FLASH_STM32FLASH, MUSTER_FLASH_VERIFY, NULL);
  assert_command (MUSTER_FLASH_OPENOCD, MUSTER_FLASH_WRITE,
                  "tool -f interface/prog.cfg -c adapter serial {/dev/ttyUSB3} -f target/part.cfg "
                  "-c program {/x/fw.bin} 0x10000 verify reset exit");
  assert_command (MUSTER_FLASH_OPENOCD, MUSTER_FLASH_VERIFY, NULL);
}

static void
test_progress (void)
{
  g_assert_cmpint (muster_flash_tool_read_progress ("Writing at 0x0001... (7 %)"), ==, 7);
  g_assert_cmpint (muster_flash_tool_read_progress ("\rWriting | ### | 45% 0.10s\rWriting | 50%"),
                   ==, 50);
  g_assert_cmpint (muster_flash_tool_read_progress ("Wrote address 0x1 (12.50%)"), ==, 12);
  g_assert_cmpint (muster_flash_tool_read_progress ("100%"), ==, 100);
  g_assert_cmpint (muster_flash_tool_read_progress ("250%"), ==, -1);
  g_assert_cmpint (muster_flash_tool_read_progress ("% of nothing"), ==, -1);
  g_assert_cmpint (muster_flash_tool_read_progress (""), ==, -1);
}

static void
test_reason (void)
{
  g_autofree char *told = muster_flash_tool_find_reason (
    "Connecting...\nA fatal error occurred: No serial data received.\nFor help see there\n");
  g_autofree char *last = muster_flash_tool_find_reason ("Hm.\n\n  That was it. \r\n");

  g_assert_cmpstr (told, ==, "A fatal error occurred: No serial data received.");
  g_assert_cmpstr (last, ==, "That was it.");
  g_assert_null (muster_flash_tool_find_reason ("\n \n"));
  g_assert_null (muster_flash_tool_find_reason (NULL));
}

static void
test_find (void)
{
  g_autoptr (GError) configured = NULL;
  g_autofree char *shell = muster_flash_tool_find (MUSTER_FLASH_ESPTOOL, "/bin/sh", NULL);

  g_assert_cmpstr (shell, ==, "/bin/sh");
  g_assert_null (muster_flash_tool_find (MUSTER_FLASH_ESPTOOL, "/nowhere/esptool", &configured));
  g_assert_error (configured, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (configured->message, "flash.esptool"));
}

/* A port that has a name of its own is listed by that alone. */
static void
test_ports (void)
{
  g_autofree char *folder = g_dir_make_tmp ("muster-ports-XXXXXX", NULL);
  g_autofree char *by_id = g_build_filename (folder, "serial", "by-id", NULL);
  g_autofree char *named = g_build_filename (by_id, "usb-Acme_Board_7-if00", NULL);
  g_auto (GStrv) ports = NULL;

  for (unsigned i = 0; i < 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("ttyUSB%u", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_true (g_file_set_contents (path, "", 0, NULL));
    }
  g_assert_cmpint (g_mkdir_with_parents (by_id, 0700), ==, 0);
  g_assert_cmpint (symlink ("../../ttyUSB1", named), ==, 0);
  ports = muster_flash_ports_list (folder);
  g_assert_cmpuint (g_strv_length (ports), ==, 2);
  g_assert_true (g_strv_contains ((const char *const *)ports, named));
  g_assert_true (g_str_has_suffix (ports[1], "/ttyUSB0"));
}

static void
test_is_port (void)
{
  static const char *const good[] = { "/dev/ttyUSB0", "/dev/serial/by-id/usb-Acme_Board-if00:1.0",
                                      "COM3", "rfc2217://host:4000", "net:host:4000" };
  static const char *const bad[] = { "",
                                     "-x",
                                     "x} ; exec touch /tmp/x ; set y {",
                                     "a\\",
                                     "a\nb",
                                     "spy:///dev/ttyUSB0?file=/tmp/x",
                                     "SPY://loop://?file=/tmp/x" };

  for (unsigned i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (muster_flash_tool_is_port (good[i]));
  for (unsigned i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (muster_flash_tool_is_port (bad[i]));
}

static DexFuture *
run_fiber (gpointer user_data)
{
  const char *const      command[] = { "/bin/sh", "-c", "sleep 30 & sleep 30", NULL };
  const MusterFlashChild child = { .command = command, .timeout = 1 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GError *error = NULL;

  g_assert_false (muster_flash_child_run (&child, cancellable, &error));
  return dex_future_new_for_error (error);
}

/* What a tool started by itself ends with it. */
static void
test_helpers (void)
{
  gint64 began = g_get_monotonic_time ();
  g_autoptr (GError) error =
              muster_test_await_error (dex_scheduler_spawn (NULL, 0, run_fiber, NULL, NULL),
                                       MUSTER_ERROR_TIMED_OUT);

  g_assert_nonnull (error);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 20 * G_TIME_SPAN_SECOND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flash-tool/commands", test_commands);
  g_test_add_func ("/flash-tool/progress", test_progress);
  g_test_add_func ("/flash-tool/reason", test_reason);
  g_test_add_func ("/flash-tool/find", test_find);
  g_test_add_func ("/flash-tool/ports", test_ports);
  g_test_add_func ("/flash-tool/is-port", test_is_port);
  muster_test_add_fiber ("/flash-tool/helpers", test_helpers);
  return g_test_run ();
}
