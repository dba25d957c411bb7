/* scope.c: lists, boxes and distances of searches. */
#include "store/scope.h"

#include <math.h>

#define EARTH_RADIUS_KM  6371.0088
#define KM_PER_DEGREE    111.0 /* of latitude; a bit less than true, so that the box is larger */
#define RADIANS(degrees) ((degrees)*3.14159265358979323846 / 180.0)
#define COSINE_MIN       0.01

ts_err scope_start(struct scope *scope, const struct search_filter *filter,
                   struct error *reterr)
{
    scope->regions = buf_over(scope->regions_text, sizeof(scope->regions_text));
    scope->courses = buf_over(scope->courses_text, sizeof(scope->courses_text));
    params_json_names(&scope->regions, filter->regions, filter->regions_count);
    params_json_ids(&scope->courses, filter->courses, filter->courses_count);
    if (scope->regions.overflow || scope->courses.overflow)
        return error_set(reterr, TS_ERR_USAGE, "too many regions or courses at once");
    return TS_ERR_OK;
}

double search_distance_km(double latitude_a, double longitude_a, double latitude_b,
                          double longitude_b)
{
    double half_latitude = sin(RADIANS(latitude_b - latitude_a) / 2);
    double half_longitude = sin(RADIANS(longitude_b - longitude_a) / 2);
    double haversine = half_latitude * half_latitude + cos(RADIANS(latitude_a)) *
                                                           cos(RADIANS(latitude_b)) *
                                                           half_longitude * half_longitude;
    return 2 * EARTH_RADIUS_KM * asin(sqrt(fmin(1.0, haversine)));
}

void scope_box(struct params *params, const struct search_filter *filter)
{
    double cosine = fmax(COSINE_MIN, cos(RADIANS(filter->latitude)));
    double high = filter->within_km / KM_PER_DEGREE;
    double wide = high / cosine * 1.05; /* meridians draw closer inside the circle */
    /* Across the date line a box in degrees would be two: then the distance alone decides. */
    bool narrow =
        filter->near && filter->longitude - wide >= -180 && filter->longitude + wide <= 180;
    params_degrees_if(params, filter->near, filter->latitude - high);
    params_degrees_if(params, filter->near, filter->latitude + high);
    params_degrees_if(params, narrow, filter->longitude - wide);
    params_degrees_if(params, narrow, filter->longitude + wide);
}
