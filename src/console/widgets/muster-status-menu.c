/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-status-menu"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-status-menu.h"

GMenuModel *
muster_status_menu_new (const MusterEnum *enumeration, const char *action, const char *const *nicks)
{
  GMenu *menu = g_menu_new ();

  for (unsigned i = 0; i < muster_enum_get_count (enumeration); i++)
    {
      const char *nick = muster_enum_get_nick (enumeration, i);
      g_autoptr (GMenuItem) item = NULL;

      if (nicks != NULL && !g_strv_contains (nicks, nick))
        continue;
      item = g_menu_item_new (_ (muster_enum_get_label (enumeration, i)), NULL);
      g_menu_item_set_action_and_target (item, action, "s", nick);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}
