/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-networks"

#include "config.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include "muster-networks.h"

static const guint8 *
get_bytes (const struct sockaddr *address)
{
  return address->sa_family == AF_INET
           ? (const guint8 *)&((const struct sockaddr_in *)(const void *)address)->sin_addr
           : (const guint8 *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
}

char *
muster_networks_format (const struct sockaddr *address, const struct sockaddr *mask)
{
  guint8   network[sizeof (struct in6_addr)];
  char     text[INET6_ADDRSTRLEN];
  unsigned length, prefix = 0;

  if (address == NULL || mask == NULL ||
      (address->sa_family != AF_INET && address->sa_family != AF_INET6))
    return NULL;
  length = address->sa_family == AF_INET ? sizeof (struct in_addr) : sizeof (struct in6_addr);
  for (unsigned i = 0; i < length; i++)
    {
      guint8 bits = get_bytes (mask)[i];

      network[i] = get_bytes (address)[i] & bits;
      for (; bits != 0; bits <<= 1)
        prefix++;
    }
  inet_ntop (address->sa_family, network, text, sizeof text);
  return g_strdup_printf ("%s/%u", text, prefix);
}

static gboolean
hears_announcements (const struct ifaddrs *interface, int family)
{
  const unsigned wanted = IFF_UP | IFF_RUNNING | IFF_MULTICAST;

  return interface->ifa_addr != NULL && interface->ifa_addr->sa_family == family &&
         (interface->ifa_flags & wanted) == wanted && (interface->ifa_flags & IFF_LOOPBACK) == 0;
}

static gboolean
is_link_local (const struct sockaddr *address)
{
  return address != NULL && address->sa_family == AF_INET6 &&
         IN6_IS_ADDR_LINKLOCAL (&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

char **
muster_networks_list (void)
{
  static const int families[] = { AF_INET, AF_INET6 };
  g_autoptr (GPtrArray) networks = g_ptr_array_new_null_terminated (4, g_free, TRUE);
  struct ifaddrs *interfaces = NULL;

  if (getifaddrs (&interfaces) != 0)
    interfaces = NULL;
  for (unsigned i = 0; i < G_N_ELEMENTS (families); i++)
    for (struct ifaddrs *item = interfaces; item != NULL; item = item->ifa_next)
      {
        g_autofree char *text = hears_announcements (item, families[i])
                                  ? muster_networks_format (item->ifa_addr, item->ifa_netmask)
                                  : NULL;

        /* One is told only where there is nothing else: all interfaces have it. */
        if (networks->len > 0 && is_link_local (item->ifa_addr))
          continue;
        if (text != NULL && !g_ptr_array_find_with_equal_func (networks, text, g_str_equal, NULL))
          g_ptr_array_add (networks, g_steal_pointer (&text));
      }
  if (interfaces != NULL)
    freeifaddrs (interfaces);
  return (char **)g_ptr_array_free (g_steal_pointer (&networks), FALSE);
}
