using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Realtime.Web.Edge;

/// <summary>The OpenAPI document: query parameters come from the very declarations that read them.</summary>
internal static class Reference
{
    /// <summary>Numbers cross the wire as JSON numbers only: a quoted one is refused, and the document's schemas say number rather than number or text.</summary>
    public static void AddReference(this WebApplicationBuilder builder) =>
        builder.Services.Configure<Microsoft.AspNetCore.Http.Json.JsonOptions>(options => options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Realtime";
            document.Info.Version = "v1";
            document.Info.Description = "Which pharmacies serve me now, nearest first, live. Refusals are RFC 9457 problems; instants are RFC 3339 with offset; distances are whole metres.";
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellation) =>
        {
            foreach (var shape in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryShape>())
                foreach (var parameter in shape.Parameters)
                    (operation.Parameters ??= []).Add(Describe(parameter));
            foreach (var header in context.Description.ActionDescriptor.EndpointMetadata.OfType<HeaderParameter>())
                (operation.Parameters ??= []).Add(Describe(header));
            foreach (var body in context.Description.ActionDescriptor.EndpointMetadata.OfType<StreamedBody>())
                operation.RequestBody = Describe(body);
            var responses = operation.Responses ??= [];
            foreach (var form in context.Description.ActionDescriptor.EndpointMetadata.OfType<OtherForm>())
                responses["200"].Content![form.ContentType] = new OpenApiMediaType { Schema = await context.GetOrCreateSchemaAsync(form.Type, null, cancellation) };
            responses["429"] = await TryAgain("Too many calls from this address or this client: try again after as many seconds as Retry-After says.", context, cancellation);
            responses["503"] = await TryAgain("The service is starting: try again after as many seconds as Retry-After says.", context, cancellation);
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            DescribeOmissions(schema, context);
            if (context.JsonTypeInfo.Type == typeof(ProblemDetails))
                DescribeProblem(schema);
            return Task.CompletedTask;
        });
    }

    private static OpenApiParameter Describe(QueryParameter parameter)
    {
        var isList = parameter.Schema.Type == JsonSchemaType.Array;
        return new()
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Required = parameter.Required,
            Description = $"{parameter.Doc} Takes {parameter.Expected.English}.",
            Schema = parameter.Repeatable ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = parameter.Schema } : parameter.Schema,
            // A list within one value has commas; a repeatable parameter comes once per value.
            Style = isList ? ParameterStyle.Form : null,
            Explode = !isList,
        };
    }

    private static OpenApiParameter Describe(HeaderParameter header) => new()
    {
        Name = header.Name,
        In = ParameterLocation.Header,
        Required = header.Required,
        Description = header.Doc,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = header.Pattern },
    };

    private static OpenApiRequestBody Describe(StreamedBody body) => new()
    {
        Required = true,
        Description = body.Doc,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [body.ContentType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } },
    };

    // Rates and readiness stand before every address of the API.
    private static async Task<OpenApiResponse> TryAgain(string description, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellation);
        return new()
        {
            Description = description,
            Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                ["Retry-After"] = new OpenApiHeader { Description = "Seconds.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
            },
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(ProblemDetails), context.Document) },
            },
        };
    }

    /// <summary>A member that is left out where it is null is not required, and where it is there it is not null.</summary>
    private static void DescribeOmissions(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        foreach (var member in context.JsonTypeInfo.Properties)
        {
            var ignored = member.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true).OfType<JsonIgnoreAttribute>().FirstOrDefault();
            if (ignored?.Condition != JsonIgnoreCondition.WhenWritingNull)
                continue;
            schema.Required?.Remove(member.Name);
            if (schema.Properties?.TryGetValue(member.Name, out var known) == true && known is OpenApiSchema described)
                described.Type &= ~JsonSchemaType.Null;
        }
    }

    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Description = "A refusal, RFC 9457. Other members may come with other types of problem.";
        schema.Required = new HashSet<string>(["type", "title", "status", "detail"], StringComparer.Ordinal);
        schema.AdditionalPropertiesAllowed = true;
        schema.AdditionalProperties = null;
        var members = schema.Properties ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        members["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "What is wrong, by query parameter or by JSON path in the body.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        };
        members["seq"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Description = "The present version, where the one in If-Match is old." };
        members["column"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Description = "Where opening hours break; the first character is 1." };
        members["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Finds the request in the service's records." };
    }
}

/// <summary>Endpoint metadata: another form that the answer may take, beside the one that is usual.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Type">What it holds.</param>
internal sealed record OtherForm(string ContentType, Type Type);

/// <summary>How an endpoint says in which other forms it answers.</summary>
internal static class OtherForms
{
    /// <summary>The answer may also be a <typeparamref name="T"/> under another media type.</summary>
    public static RouteHandlerBuilder AlsoProduces<T>(this RouteHandlerBuilder endpoint, string contentType) => endpoint.WithMetadata(new OtherForm(contentType, typeof(T)));
}
