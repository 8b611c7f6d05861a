/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "factory/muster-factory-words.h"
#include "model/muster-factory-unit.h"
#include "model/muster-firmware-artifact.h"
#include "model/muster-flash-batch.h"

static void
test_ports (void)
{
  static const struct
  {
    const char *port, *name;
  } cases[] = {
    { "/dev/ttyUSB0", "ttyUSB0" },
    { "/dev/serial/by-id/usb-Arduino_Uno_95735-if00", "Arduino Uno 95735" },
    { "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A9-if00-port0", "FTDI FT232R USB UART A9" },
    { "/dev/serial/by-id/usb-Gears-iffy_1-if02", "Gears-iffy 1" },
    { "/dev/serial/by-id/pci-1", "pci-1" },
    { "net:127.0.0.1:4000", "net:127.0.0.1:4000" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = muster_port_dup_name (cases[i].port);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

static void
test_boards (void)
{
  g_autoptr (MusterEntity) board = muster_entity_new (&muster_factory_unit_info);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  muster_entity_set_string (board, "port", "/dev/ttyUSB0");
  before = muster_board_dup_name (board);
  g_assert_cmpstr (before, ==, "Board on ttyUSB0");
  muster_entity_set_string (board, "serial", "H-0001");
  after = muster_board_dup_name (board);
  g_assert_cmpstr (after, ==, "H-0001");
}

static void
test_log (void)
{
  static const struct
  {
    const char *text, *tidy;
  } cases[] = {
    { "", "" },
    { "$ tool\nfine\n", "$ tool\nfine\n" },
    { "10 %\r55 %\r100 %\ndone", "100 %\ndone" },
    { "dos\r\nends\r\n", "dos\nends\n" },
    { "\rat 3 %", "at 3 %" },
    { "a\xff"
      "b",
      "a\xef\xbf\xbd"
      "b" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *tidy = muster_flash_tidy_log (cases[i].text, -1);

      g_assert_cmpstr (tidy, ==, cases[i].tidy);
    }
}

static void
test_addresses (void)
{
  static const struct
  {
    const char *text;
    gboolean    good;
    gint64      address;
  } cases[] = {
    { "", TRUE, 0 },
    { " 0x10000 ", TRUE, 0x10000 },
    { "65536", TRUE, 65536 },
    { "0XfFFFffff", TRUE, G_MAXUINT32 },
    { "0x100000000", FALSE, 0 },
    { "0x", FALSE, 0 },
    { "-1", FALSE, 0 },
    { "1000h", FALSE, 0 },
    { "flash", FALSE, 0 },
    { "99999999999999999999", FALSE, 0 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 address = -1;

      g_assert_cmpint (muster_flash_read_address (cases[i].text, &address), ==, cases[i].good);
      g_assert_cmpint (address, ==, cases[i].address);
    }
}

static void
test_button (void)
{
  g_autofree char *none = muster_flash_describe_button (0);
  g_autofree char *one = muster_flash_describe_button (1);
  g_autofree char *four = muster_flash_describe_button (4);

  g_assert_cmpstr (none, ==, "_Flash Boards");
  g_assert_cmpstr (one, ==, "_Flash 1 Board");
  g_assert_cmpstr (four, ==, "_Flash 4 Boards");
}

static void
test_tools (void)
{
  g_assert_cmpint (muster_flash_suggest_tool (MUSTER_FORMAT_HEX), ==, MUSTER_FLASH_AVRDUDE);
  g_assert_cmpint (muster_flash_suggest_tool (MUSTER_FORMAT_UF2), ==, MUSTER_FLASH_PICOTOOL);
  g_assert_cmpint (muster_flash_suggest_tool (MUSTER_FORMAT_BIN), ==, MUSTER_FLASH_ESPTOOL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/factory/words/ports", test_ports);
  g_test_add_func ("/factory/words/boards", test_boards);
  g_test_add_func ("/factory/words/log", test_log);
  g_test_add_func ("/factory/words/addresses", test_addresses);
  g_test_add_func ("/factory/words/button", test_button);
  g_test_add_func ("/factory/words/tools", test_tools);
  return g_test_run ();
}
