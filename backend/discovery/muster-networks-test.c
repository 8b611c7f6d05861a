/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-networks-test"

#include "config.h"

#include <gio/gio.h>

#include "discovery/muster-networks.h"

static char *
format (const char *address, const char *mask)
{
  struct sockaddr_storage native[2];
  const char             *texts[] = { address, mask };

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GSocketAddress) socket_address =
                  g_inet_socket_address_new_from_string (texts[i], 0);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (socket_address);
      g_socket_address_to_native (socket_address, &native[i], sizeof native[i], &error);
      g_assert_no_error (error);
    }
  return muster_networks_format ((struct sockaddr *)&native[0], (struct sockaddr *)&native[1]);
}

static void
test_format (void)
{
  static const struct
  {
    const char *address, *mask, *network;
  } cases[] = {
    { "10.77.0.1", "255.255.255.0", "10.77.0.0/24" },
    { "192.168.4.77", "255.255.252.0", "192.168.4.0/22" },
    { "172.16.9.200", "255.255.255.255", "172.16.9.200/32" },
    { "10.1.2.3", "0.0.0.0", "0.0.0.0/0" },
    { "fd12:3456::9", "ffff:ffff:ffff:ffff::", "fd12:3456::/64" },
    { "fe80::1", "ffff:ffff:ffff:fffe::", "fe80::/63" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *network = format (cases[i].address, cases[i].mask);

      g_assert_cmpstr (network, ==, cases[i].network);
    }
}

static void
test_format_other_families (void)
{
  struct sockaddr address = { .sa_family = AF_UNIX };

  g_assert_null (muster_networks_format (&address, &address));
  g_assert_null (muster_networks_format (&address, NULL));
  g_assert_null (muster_networks_format (NULL, &address));
}

static void
test_list (void)
{
  g_auto (GStrv) networks = muster_networks_list ();

  g_assert_nonnull (networks);
  for (unsigned i = 0; networks[i] != NULL; i++)
    {
      g_assert_false (g_str_has_prefix (networks[i], "127."));
      g_assert_nonnull (strchr (networks[i], '/'));
      g_assert_false (g_strv_contains ((const char *const *)networks + i + 1, networks[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/networks/format", test_format);
  g_test_add_func ("/networks/format-other-families", test_format_other_families);
  g_test_add_func ("/networks/list", test_list);
  return g_test_run ();
}
