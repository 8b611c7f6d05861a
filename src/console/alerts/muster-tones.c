/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-tones"

#include "config.h"

#include <math.h>

#include "muster-tones.h"

/* The loudest sample: some room is left for whoever mixes. */
#define PEAK 0.7

typedef struct
{
  double start;     /* seconds */
  double length;    /* seconds */
  double frequency; /* Hz */
  double attack;    /* seconds until it is loud */
  double decay;     /* how fast it dies away, 1/s; 0: not at all */
  double overtone;  /* of the octave above: 0 to 1 */
} Tone;

/* Two strokes of a bell, a fourth apart, dying away: heard, and no fright. */
static const Tone chime_tones[] = {
  { 0.00, 1.10, 659.26, 0.006, 5.0, 0.35 },
  { 0.18, 1.30, 880.00, 0.006, 4.2, 0.35 },
};

/* Three times two tones that do not die away. Between 0.5 and 1.5 kHz hearing loss, masks and
 * machines leave the most of a sound, and two tones are told from one that is a machine's own
 * (IEC 60601-1-8 and ISO 7731 say the same). */
static const Tone alarm_tones[] = {
  { 0.00, 0.22, 880.0, 0.012, 0, 0.5 }, { 0.24, 0.22, 659.3, 0.012, 0, 0.5 },
  { 0.60, 0.22, 880.0, 0.012, 0, 0.5 }, { 0.84, 0.22, 659.3, 0.012, 0, 0.5 },
  { 1.20, 0.22, 880.0, 0.012, 0, 0.5 }, { 1.44, 0.22, 659.3, 0.012, 0, 0.5 },
};

static const struct
{
  const char *name;
  const Tone *tones;
  unsigned    n_tones;
} sounds[] = {
  { "chime", chime_tones, G_N_ELEMENTS (chime_tones) },
  { "alarm", alarm_tones, G_N_ELEMENTS (alarm_tones) },
};

/* How loud TONE is at TIME since its start: silent at both ends, so that nothing clicks. */
static double
get_envelope (const Tone *tone, double time)
{
  double left = tone->length - time;
  double loud = tone->decay > 0 ? exp (-tone->decay * time) : 1;

  return loud * MIN (MIN (time, left) / tone->attack, 1);
}

static void
add_tone (const Tone *tone, double *mix)
{
  unsigned first = tone->start * MUSTER_TONES_RATE;
  unsigned length = tone->length * MUSTER_TONES_RATE;

  for (unsigned i = 0; i < length; i++)
    {
      double time = (double)i / MUSTER_TONES_RATE;
      double phase = 2 * G_PI * tone->frequency * time;

      mix[first + i] +=
        get_envelope (tone, time) * (sin (phase) + tone->overtone * sin (2 * phase));
    }
}

static GBytes *
render (const Tone *tones, unsigned n_tones)
{
  double             seconds = 0, loudest = 0;
  unsigned           length;
  g_autofree double *mix = NULL;
  gint16            *samples;

  for (unsigned i = 0; i < n_tones; i++)
    seconds = MAX (seconds, tones[i].start + tones[i].length);
  length = seconds * MUSTER_TONES_RATE + 1;
  mix = g_new0 (double, length);
  for (unsigned i = 0; i < n_tones; i++)
    add_tone (&tones[i], mix);
  for (unsigned i = 0; i < length; i++)
    loudest = MAX (loudest, fabs (mix[i]));
  samples = g_new (gint16, length);
  for (unsigned i = 0; i < length; i++)
    samples[i] = (gint16)lrint (mix[i] / loudest * PEAK * G_MAXINT16);
  return g_bytes_new_take (samples, length * sizeof *samples);
}

GBytes *
muster_tones_synthesize (const char *name)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (sounds); i++)
    if (g_strcmp0 (sounds[i].name, name) == 0)
      return render (sounds[i].tones, sounds[i].n_tones);
  return NULL;
}
