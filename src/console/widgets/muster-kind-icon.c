/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-kind-icon"

#include "config.h"

#include "muster-kind-icon.h"

static const struct
{
  const char *kind;
  const char *icon_name;
} icons[] = {
  { "sensor", "muster-sensor-symbolic" },   { "actuator", "muster-actuator-symbolic" },
  { "meter", "muster-meter-symbolic" },     { "controller", "muster-controller-symbolic" },
  { "light", "muster-light-symbolic" },     { "plug", "muster-plug-symbolic" },
  { "gateway", "muster-gateway-symbolic" }, { "camera", "camera-video-symbolic" },
  { "printer", "printer-symbolic" },        { "instrument", "muster-instrument-symbolic" },
  { "media", "audio-speakers-symbolic" },   { "computer", "computer-symbolic" },
  { "service", "muster-service-symbolic" },
};

const char *
muster_kind_get_icon_name (const char *kind)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (icons); i++)
    if (g_strcmp0 (icons[i].kind, kind) == 0)
      return icons[i].icon_name;
  return "muster-unknown-device-symbolic";
}
