/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

G_BEGIN_DECLS

/* What the room Settings is divided into: what the finder opens a section by. */
#define MUSTER_SETTINGS_SECTION_KIND "settings_section"

/* A section of the room Settings. */
typedef struct
{
  const char *name;
  const char *title; /* N_() marked */
  const char *about; /* N_() marked: what is said in it */
  const char *words; /* N_() marked: other words that it is looked for by */
  const char *icon_name;
  const char *operation; /* (nullable): without the right to it the section is not there */
  /* What keys of its settings of the service begin with; NULL: none. */
  const char *prefixes[3];
  gboolean    is_rest;            /* has the settings that no other section has */
  gboolean    is_of_window;       /* holds for this window, not for the site */
  GType (*get_group_type) (void); /* (nullable): a MusterSettingsGroup above the settings */
} MusterSettingsSection;

/* In their order: (array length=n_sections). */
const MusterSettingsSection *muster_settings_sections_list (unsigned *n_sections);
/* (nullable) */
const MusterSettingsSection *muster_settings_section_find (const char *name);
/* Whether the person at this console may see it, and it has something to say. */
gboolean muster_settings_section_is_there (const MusterSettingsSection *self,
                                           MusterSession               *session);
/* Whether the setting of the service KEY is one of its. */
gboolean muster_settings_section_has (const MusterSettingsSection *self, const char *key);

G_END_DECLS
